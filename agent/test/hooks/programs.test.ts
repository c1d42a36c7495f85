import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectAgreement, program } from '../support/agree.ts';
import { runTrial } from '../support/trial.mjs';

describe('leader and followers make the same calls', () => {
  it('with files in every form, handles and streams', async () => {
    await expectAgreement('fs-forms.cjs', 1000);
  });

  it('when they take folders away, whichever form they use first', async () => {
    await expectAgreement('rm.cjs', 20);
  });

  it('with every kind of timer', async () => {
    await expectAgreement('timers.cjs', 400);
  });

  it('as an ES module that imports while other work goes on', async () => {
    await expectAgreement('esm-main.mjs', 300, { import: true });
  });

  it('when loading a module runs code that acts, once', async () => {
    const trial = await expectAgreement('require-esm.cjs', 12);
    expect(trial.ends[0].stdout).toMatch(/^3 handler (once )?$/m);
  });

  it('when they are started through a symbolic link, with pipes for their streams', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-link-')));
    const linked = join(folder, 'linked');
    symlinkSync(dirname(program('linked.cjs')), linked);
    try {
      const { ends, differences } = await runTrial([join(linked, 'linked.cjs')]);
      expect(differences).toEqual([]);
      expect(ends[0].stdout).toBe(`${program('linked.cjs')}\n`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('when they print the stacks of their errors', async () => {
    const trial = await expectAgreement('stacks.cjs', 15, { sameOutput: false });
    expect(trial.ends[0].stdout).not.toContain('trial-register');
  });

  it('with watched files and folders', async () => {
    await expectAgreement('watch.cjs', 150, { timeoutMs: 30_000 });
  });

  it('with open folders, performance observers, blobs and web streams', async () => {
    await expectAgreement('directories.cjs', 150, { timeoutMs: 30_000 });
  });

  it('until the leader uses an API that is not followed, where followers end', async () => {
    const trial = await runTrial([program('blob-of-a-file.cjs')]);
    expect(trial.ends.map((end) => end.code)).toEqual([0, 0, 0]);
    expect(trial.replicas[1]?.stopped).toMatchObject({
      stopped: 'not-followed',
      api: 'fs.openAsBlob',
    });
    expect(trial.ends[0].stdout).toContain('done');
  });
});
