import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { expectAgreement, program } from '../support/agree.ts';
import { runTrial } from '../support/trial.mjs';

describe('a way in that is not followed', () => {
  it.each([
    ['stream', 'stream.web'],
    ['session', 'inspector.Session'],
    ['wasi', 'wasi.WASI'],
    ['profile', 'v8.profiles'],
    ['memory', 'process.dlopen'],
  ])(
    '%s runs in the leader, and followers stop before it',
    async (way, api) => {
      const trial = await runTrial([program('not-followed.cjs'), way]);
      expect(trial.ends[0]?.stdout).toMatch(/went on\n$/);
      expect(trial.ends.map((end) => end.stderr)).toEqual(['', '', '']);
      for (const { stopped } of trial.replicas) expect(stopped).toMatchObject({ api });
      for (const { end } of trial.replicas.slice(1)) expect(end.complete).toBe(false);
      const early = trial.differences.filter(({ calls }) => calls[0]?.turn === 0);
      expect(early).toEqual([]);
    },
    30_000,
  );
});

describe('loader hooks of the command line', () => {
  it('end following, named, before the program begins', async () => {
    const hooks = pathToFileURL(program('loader-hooks/hooks.mjs')).href;
    const nodeArgs = ['--no-warnings', '--loader', hooks];
    const trial = await runTrial([program('linked.cjs')], { nodeArgs });
    for (const { stopped } of trial.replicas) {
      expect(stopped).toMatchObject({ api: 'module.register' });
    }
  }, 30_000);
});

describe('a vm context', () => {
  it('has the clock and the random numbers of the main one', async () => {
    await expectAgreement('contexts.cjs', 10);
  }, 30_000);
});

describe('garbage collection', () => {
  it('happens to followers when it happened to the leader', async () => {
    await expectAgreement('finalization.cjs', 150);
  }, 30_000);
});
