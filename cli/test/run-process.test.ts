import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  bin,
  fixtures,
  isAlive,
  LockstepProcess,
  NO_COLLECTOR,
  service,
} from './lockstep-process.ts';

/** Long enough for a busy machine; nothing waits for it when things are right. */
const PATIENCE = { timeout: 30_000, interval: 20 };

const started: LockstepProcess[] = [];
afterEach(async () => {
  for (const one of started.splice(0)) await one.dispose();
});

function run(args: readonly string[], options: readonly string[] = [], env = {}): LockstepProcess {
  const one = new LockstepProcess(
    [
      'run',
      '--service',
      's',
      '--collector',
      NO_COLLECTOR,
      ...options,
      '--',
      'node',
      service,
      ...args,
    ],
    env,
  );
  started.push(one);
  return one;
}

/** The leader's process id, once it is ready for signals. */
async function ready(one: LockstepProcess): Promise<number> {
  await vi.waitFor(() => expect(one.stdout).toContain('ready'), PATIENCE);
  return Number(/ready (\d+)/.exec(one.stdout)?.[1]);
}

describe('lockstep run', { timeout: 60_000 }, () => {
  it.each([0, 3, 255])("ends with the service's own exit code %i", async (code) => {
    const { code: ended, stdout } = await run(['exit', String(code)]).ended;
    expect([ended, stdout]).toEqual([code, '']);
  });

  it.each(['SIGKILL', 'SIGABRT'] as const)('dies of %s when the service did', async (signal) => {
    expect((await run(['die', signal]).ended).signal).toBe(signal);
  });

  it('leaves standard streams to the service', async () => {
    const one = run(['echo']);
    one.child.stdin?.end('through and back');
    const { stdout, stderr } = await one.ended;
    expect(stdout).toBe('through and back');
    expect(stderr).toBe('to stderr\n');
  });

  it('leaves the working folder and the arguments to the service', async () => {
    const { stdout } = await run(['where', '--help', '--', '--json']).ended;
    const seen = JSON.parse(stdout) as { folder: string; argv: string[] };
    expect(seen.folder).toBe(process.cwd());
    expect(seen.argv.slice(1)).toEqual([service, 'where', '--help', '--', '--json']);
  });

  it('starts a leader and followers with one seed, a token each, and no secret in sight', async () => {
    const one = run(['wait'], ['--replicas', '3', '--variant', 'older', '--allow-drills']);
    await vi.waitFor(() => expect(one.reports()).toHaveLength(3), PATIENCE);
    const reports = one.reports();
    const own = reports.map(({ own: vars }) => [vars['LOCKSTEP_REPLICA'], vars['LOCKSTEP_ROLE']]);
    expect(own.sort()).toEqual([
      ['a', 'leader'],
      ['b', 'follower'],
      ['c', 'follower'],
    ]);
    expect(new Set(reports.map(({ secrets }) => secrets.seed)).size).toBe(1);
    expect(new Set(reports.map(({ secrets }) => secrets.token)).size).toBe(3);
    for (const { own: vars, secrets } of reports) {
      expect(JSON.stringify(vars)).not.toContain(secrets.seed);
      expect(JSON.stringify(vars)).not.toContain(secrets.token);
      expect(vars).toMatchObject({
        LOCKSTEP_SERVICE: 's',
        LOCKSTEP_SECRETS: '3',
        LOCKSTEP_ALLOW_DRILLS: '1',
        LOCKSTEP_COMMAND_FILE: service,
        LOCKSTEP_VARIANT: vars['LOCKSTEP_ROLE'] === 'leader' ? 'default' : 'older',
      });
      expect(vars['LOCKSTEP_URL']).toMatch(/^ws\+unix:\/\/\/.*agent\.sock:\/agent$/);
    }
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'] as const)(
    'hands %s to the leader, once',
    async (signal) => {
      const one = run(['wait']);
      const leader = await ready(one);
      one.child.kill(signal);
      await vi.waitFor(() => expect(one.stdout).toContain(`got ${signal}`), PATIENCE);
      // Whatever else was sent has arrived once this later signal has.
      const last = signal === 'SIGUSR2' ? 'SIGTERM' : 'SIGUSR2';
      one.child.kill(last);
      await vi.waitFor(() => expect(one.stdout).toContain(`got ${last}`), PATIENCE);
      expect(one.stdout.split(`got ${signal}\n`)).toHaveLength(2);
      process.kill(leader, 'SIGKILL');
      expect((await one.ended).signal).toBe('SIGKILL');
    },
  );

  it('dies of the signal that the service died of', async () => {
    const one = run(['default-signals']);
    await ready(one);
    one.child.kill('SIGTERM');
    expect((await one.ended).signal).toBe('SIGTERM');
  });

  it.skipIf(!canBeProcessOne())(
    'ends with 128 + n as process 1, which cannot die of a signal',
    () => {
      const launcher = [
        process.execPath,
        bin,
        'run',
        '--service',
        's',
        '--collector',
        NO_COLLECTOR,
      ];
      const { status } = spawnSync(
        'unshare',
        ['-p', '-f', ...launcher, '--replicas', '1', '--', 'node', service, 'die', 'SIGKILL'],
        { env: { ...process.env, LOCKSTEP_AGENT_FILE: join(fixtures, 'stub-agent.cjs') } },
      );
      expect(status).toBe(128 + 9);
    },
  );

  it.skipIf(process.platform !== 'linux')('stops and goes on with the service', async () => {
    const one = run(['default-signals']);
    const leader = await ready(one);
    const state = (pid: number | undefined): string => stateOf(pid);
    one.child.kill('SIGTSTP');
    await vi.waitFor(() => expect(state(leader) + state(one.child.pid)).toBe('TT'), PATIENCE);
    one.child.kill('SIGCONT');
    await vi.waitFor(
      () => expect(state(leader) + state(one.child.pid)).not.toContain('T'),
      PATIENCE,
    );
    one.child.kill('SIGTERM');
    expect((await one.ended).signal).toBe('SIGTERM');
  });

  it('leaves no process and no folder behind', async () => {
    const one = run(['wait']);
    await vi.waitFor(() => expect(one.reports()).toHaveLength(3), PATIENCE);
    const leader = await ready(one);
    process.kill(leader, 'SIGKILL');
    await one.ended;
    expect(one.reports().filter(({ pid }) => isAlive(pid))).toEqual([]);
    expect(readdirSync(one.folder).filter((name) => name.startsWith('lockstep-'))).toEqual([]);
  });

  it('takes all replicas with it when it is killed', async () => {
    const one = run(['default-signals']);
    await vi.waitFor(() => expect(one.reports()).toHaveLength(3), PATIENCE);
    await ready(one);
    one.child.kill('SIGKILL');
    await vi.waitFor(
      () => expect(one.reports().filter(({ pid }) => isAlive(pid))).toEqual([]),
      PATIENCE,
    );
  });

  it('says that no collector answers, once, and runs the service all the same', async () => {
    const one = run(['wait']);
    const leader = await ready(one);
    await vi.waitFor(() => expect(one.stderr).toContain('UNPROTECTED'), PATIENCE);
    expect(one.stderr).toContain(NO_COLLECTOR);
    expect(isAlive(leader)).toBe(true);
    expect(one.stderr.match(/lockstep: /g)).toHaveLength(1);
  });

  it('tells when a follower ends early, and goes on', async () => {
    const one = run(['wait']);
    await vi.waitFor(() => expect(one.reports()).toHaveLength(3), PATIENCE);
    const follower = one.reports().find(({ own }) => own['LOCKSTEP_REPLICA'] === 'b');
    process.kill(follower?.pid ?? 0, 'SIGKILL');
    await vi.waitFor(
      () => expect(one.stderr).toContain('follower b ended early (SIGKILL)'),
      PATIENCE,
    );
    expect(isAlive(await ready(one))).toBe(true);
  });

  it('loads the drill into the replica that is asked for, and no other', async () => {
    const drill = join(fixtures, 'empty.cjs');
    const one = run(['wait'], ['--drill', `${drill}@leader`]);
    await vi.waitFor(() => expect(one.reports()).toHaveLength(3), PATIENCE);
    const struck = one.reports().filter(({ own }) => own['LOCKSTEP_DRILL'] !== undefined);
    expect(struck.map(({ own }) => [own['LOCKSTEP_REPLICA'], own['LOCKSTEP_DRILL']])).toEqual([
      ['a', drill],
    ]);
  });

  it('runs the leader alone with --replicas 1', async () => {
    const one = run(['exit', '0'], ['--replicas', '1']);
    await one.ended;
    expect(one.reports()).toHaveLength(1);
  });
});

describe('lockstep', { timeout: 60_000 }, () => {
  it.each([
    [['run', '--', 'node', service], '--service'],
    [['run', '--service', 's', '--', 'npm', 'start'], 'node [options] FILE'],
    [['run', '--service', 's', '--replicas', '10', '--', 'node', service], 'from 1 to 9'],
    [['check', '--', 'node', 'absent.js'], 'There is no file "absent.js"'],
    [['check'], 'No command to run was given'],
    [['up', '--store', 'postgres://x'], 'mongodb://'],
    [['up', '--port', 'many'], '--port cannot be "many"'],
    [['status', '--collector', 'http://127.0.0.1:9'], 'lockstep up'],
    [['frobnicate'], "unknown command 'frobnicate'"],
  ])('ends with code 2 and one sentence for %j', async (args, sentence) => {
    const one = new LockstepProcess(args);
    started.push(one);
    const { code, stdout, stderr } = await one.ended;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
    expect(stderr).toMatch(/^lockstep: /);
    expect(stderr).not.toContain('    at ');
  });

  it.each(['up', 'run', 'check', 'drill', 'status', 'alerts', 'incidents'])(
    'teaches %s by examples',
    async (name) => {
      const one = new LockstepProcess([name, '--help']);
      started.push(one);
      const { code, stdout } = await one.ended;
      expect(code).toBe(0);
      expect(stdout).toContain(`$ lockstep ${name}`);
    },
  );
});

/** Whether this user may make a process namespace. */
function canBeProcessOne(): boolean {
  return spawnSync('unshare', ['-p', '-f', 'true']).status === 0;
}

/** One letter: R and S run, T is stopped. */
function stateOf(pid: number | undefined): string {
  return /^State:\s+(\S)/m.exec(readStatus(pid))?.[1] ?? '';
}

function readStatus(pid: number | undefined): string {
  return readFileSync(`/proc/${pid}/status`, 'utf8');
}
