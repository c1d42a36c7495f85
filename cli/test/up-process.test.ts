import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { type Ended, LockstepProcess } from './lockstep-process.ts';

const PATIENCE = { timeout: 30_000, interval: 20 };
const started: LockstepProcess[] = [];
afterEach(async () => {
  for (const one of started.splice(0)) await one.dispose();
});

function lockstep(...args: string[]): LockstepProcess {
  const one = new LockstepProcess(args);
  started.push(one);
  return one;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Options that keep a collector's data out of this user's own. */
function freshFolders(): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'cli-up-'));
  folders.push(folder);
  return ['--store', join(folder, 'store'), '--data', join(folder, 'data')];
}

/** A collector on a free port, and its address once it says so. */
async function up(): Promise<{ one: LockstepProcess; url: string; port: string }> {
  const one = lockstep('up', '--port', '0', ...freshFolders());
  await vi.waitFor(() => expect(one.stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+/), PATIENCE);
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(one.stdout)?.[0] ?? '';
  return { one, url, port: new URL(url).port };
}

async function json(...args: string[]): Promise<unknown> {
  const { stdout }: Ended = await lockstep(...args, '--json').ended;
  return JSON.parse(stdout);
}

describe('lockstep up', { timeout: 90_000 }, () => {
  it('answers the listing commands with the promised objects', async () => {
    const { url } = await up();
    expect(await json('status', '--collector', url)).toEqual({ services: [] });
    expect(await json('alerts', '--collector', url)).toEqual({ alerts: [] });
    expect(await json('incidents', '--collector', url)).toEqual({ incidents: [] });
    expect((await lockstep('status', '--collector', url).ended).stdout).toContain('lockstep run');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with code 0 at %s', async (signal) => {
    const { one } = await up();
    one.child.kill(signal);
    const { code, stderr } = await one.ended;
    expect([code, stderr]).toEqual([0, '']);
  });

  it('refuses a port that is taken, with one sentence and code 2', async () => {
    const { port } = await up();
    const { code, stderr } = await lockstep('up', '--port', port, ...freshFolders()).ended;
    expect(code).toBe(2);
    expect(stderr).toBe(
      `lockstep: Port ${port} on 127.0.0.1 is taken by another program. Stop that program, or choose another port with --port.\n`,
    );
  });

  it('refuses a folder that is none, and an address that is not here', async () => {
    const file = join(lockstep('--help').folder, 'file');
    writeFileSync(file, '');
    const folder = await lockstep('up', '--store', join(file, 'store')).ended;
    expect([folder.code, folder.stderr.split('\n')]).toEqual([2, [expect.any(String), '']]);
    expect(folder.stderr).toContain(file);
    const host = await lockstep('up', '--port', '0', '--host', '192.0.2.1', ...freshFolders())
      .ended;
    expect([host.code, host.stderr]).toEqual([2, expect.stringContaining('192.0.2.1')]);
  });
});
