// Everything that the process and the host tell of themselves, written down; and what moves the process.
const { AsyncLocalStorage } = require('node:async_hooks');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const v8 = require('node:v8');
const { monitorEventLoopDelay, PerformanceEntry } = require('node:perf_hooks');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-host-'));
const storage = new AsyncLocalStorage();
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let step = 0;
const note = (...values) =>
  fs.appendFileSync(path.join(folder, 'notes'), `${step++} ${JSON.stringify(values)}\n`);

function look() {
  note(process.pid, process.ppid, process.title, process.execArgv, process.uptime());
  note(
    process.memoryUsage(),
    process.memoryUsage.rss(),
    process.cpuUsage(),
    process.resourceUsage(),
  );
  note(process.cpuUsage({ user: 1, system: 1 }), process.getActiveResourcesInfo());
  note(process.availableMemory?.(), process.constrainedMemory?.());
  note(
    process.getuid(),
    process.geteuid(),
    process.getgid(),
    process.getegid(),
    process.getgroups(),
  );
  note(process.cwd(), process.umask(), path.resolve('x'));
  note(
    Object.keys(os)
      .filter((key) => typeof os[key] === 'function' && !/riority/.test(key))
      .map((key) => [key, os[key]()]),
  );
  note(`${os.hostname}`, os.getPriority(), os.userInfo({ encoding: 'buffer' }));
  note(performance.eventLoopUtilization(), performance.now(), Date.now(), process.hrtime());
  performance.mark('a');
  performance.mark('b', { detail: 1 });
  note(
    performance.measure('one', 'a', 'b'),
    performance.measure('two', 'a'),
    performance.measure('three'),
  );
  note(
    performance.measure('four', { start: 'a' }),
    performance.measure('five', { start: 1, end: 3 }),
  );
  note(
    performance
      .getEntries()
      .filter((entry) => entry instanceof PerformanceEntry && entry.entryType !== 'function'),
  );
  note(Object.keys(process.report.getReport()).length);
}

function detail() {
  note(v8.getHeapStatistics(), v8.getHeapSpaceStatistics(), v8.getHeapCodeStatistics());
  note(
    delay.mean,
    delay.min,
    delay.max,
    delay.stddev,
    delay.percentile(99),
    delay.exceeds,
    delay.toJSON?.(),
  );
}

function move() {
  process.umask(0o077);
  note(process.umask());
  process.umask(0o022);
  const before = process.cwd();
  process.chdir(folder);
  note(process.cwd(), path.resolve('y'));
  fs.writeFileSync('relative', 'x');
  note(fs.readFileSync(path.join(folder, 'relative'), 'utf8'));
  process.chdir(before);
  for (const attempt of [
    () => process.chdir('/nowhere'),
    () => process.kill(-1.5),
    () => process.kill(2 ** 22 + 1, 0),
    () => os.setPriority(2 ** 22 + 1, 3),
  ]) {
    try {
      note(attempt());
    } catch (error) {
      note(error.code, error.message, error.syscall);
    }
  }
  note(process.kill(process.pid, 0));
  process.title = 'renamed';
  note(process.title);
}

async function strand(n) {
  for (let i = 0; i < 4; i++) {
    look();
    detail();
    await new Promise((resolve) => setTimeout(resolve, process.hrtime()[1] % 5));
    note(n, storage.getStore());
  }
}

move();
void Promise.all([1, 2, 3].map((n) => storage.run(n, () => strand(n)))).then(() => {
  delay.disable();
  fs.rmSync(folder, { recursive: true });
  process.stdout.write(`${step} ${process.execArgv.length}\n`);
});
