// Children in every form, several at once, sharing state: their output decides what is started next.
const { exec, execFile, execFileSync, execSync, spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-child-'));
const file = path.join(folder, 'notes');
let step = 0;
const note = (...values) => fs.appendFileSync(file, `${step++} ${JSON.stringify(values)}\n`);

function follow(name, child) {
  for (const event of ['spawn', 'exit', 'close', 'error', 'disconnect']) {
    child.on(event, (...args) => note(name, event, args.map(String)));
  }
  for (const key of ['stdin', 'stdout', 'stderr']) {
    const stream = child[key];
    if (stream === null) continue;
    for (const event of ['end', 'close', 'finish', 'error', 'drain']) {
      stream.on(event, (...args) => note(name, key, event, args.map(String)));
    }
  }
  for (const key of ['stdout', 'stderr']) {
    child[key]?.on('data', (bytes) => note(name, key, bytes.length, bytes.toString().slice(0, 60)));
  }
  note(name, child.pid, child.connected, child.spawnfile, child.spawnargs, child.killed);
  return new Promise((resolve) => child.on('close', resolve));
}

async function strand(n) {
  const { stdout } = await promisify(exec)(
    `echo $$ ${n}; echo err >&2; cat /proc/sys/kernel/random/uuid`,
  );
  note(n, stdout);
  await follow(`date${n}`, spawn('date', ['+%N']));
  const cat = spawn('cat', [], { cwd: folder, env: { ...process.env, EXTRA: '1' } });
  const done = follow(`cat${n}`, cat);
  for (let i = 0; i < 5; i++)
    cat.stdin.write(`${String(i).repeat(60_000)}\n`, () => note(`cat${n}`, 'written', i));
  note(cat.stdin.writableLength);
  cat.stdin.end('last');
  await done;
  const sleeping = spawn('sleep', ['20'], { stdio: 'ignore' });
  const slept = follow(`sleep${n}`, sleeping);
  setTimeout(() => note('kill', sleeping.kill(n % 2 ? 'SIGKILL' : 'SIGTERM'), sleeping.killed), 5);
  await slept;
  note('again', sleeping.kill(), sleeping.exitCode, sleeping.signalCode);
}

async function failures() {
  await follow('missing', spawn('/no/such/program', ['x']));
  await promisify(execFile)('false', []).catch((error) =>
    note(error.code, error.cmd, error.message),
  );
  await promisify(exec)('sleep 20', { timeout: 30 }).catch((error) =>
    note(error.killed, error.signal, error.message),
  );
  await promisify(exec)('yes', { maxBuffer: 5000 }).catch((error) =>
    note(error.code, error.stdout.length),
  );
  const controller = new AbortController();
  const aborted = promisify(execFile)('sleep', ['20'], { signal: controller.signal });
  setTimeout(() => controller.abort(), 3);
  await aborted.catch((error) => note(error.name, error.code, error.message));
  try {
    spawn('x', [], { cwd: 5 });
  } catch (error) {
    note(error.code, error.message);
  }
}

function synchronous() {
  const result = spawnSync('sh', ['-c', 'echo out; echo err >&2; exit 3']);
  note(
    result.pid,
    result.status,
    result.stdout === result.output[1],
    String(result.stdout),
    String(result.stderr),
  );
  note(
    spawnSync('/no/such/program').error.code,
    execFileSync('date', ['+%N'], { encoding: 'utf8' }),
  );
  note(String(execSync('cat', { input: 'given' })));
  try {
    execSync('echo bad >&2; exit 4', { stdio: 'pipe' });
  } catch (error) {
    note(error.status, error.message, String(error.stderr), error.pid);
  }
  execSync('echo inherited', { stdio: 'inherit' });
}

async function handedOn() {
  const first = spawn('sh', ['-c', 'echo through; sleep 0.02; echo twice'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const second = spawn('cat', [], { stdio: [first.stdout, process.stdout, 'pipe'] });
  await Promise.all([
    follow('second', second),
    new Promise((resolve) => first.on('exit', resolve)),
  ]);
  const log = fs.openSync(path.join(folder, 'log'), 'w');
  await follow('fd', spawn('echo', ['to a file'], { stdio: ['ignore', log, log] }));
  fs.closeSync(log);
  note(fs.readFileSync(path.join(folder, 'log'), 'utf8'));
}

synchronous();
void Promise.all([strand(1), strand(2), strand(3), failures(), handedOn()]).then(() => {
  fs.rmSync(folder, { recursive: true });
  process.stdout.write('done\n');
});
