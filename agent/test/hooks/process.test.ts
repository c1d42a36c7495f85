import { describe, expect, it } from 'vitest';
import { hideAgentFlags } from '../../src/hooks/exec-argv.ts';
import { expectAgreement, program } from '../support/agree.ts';
import { runTrial } from '../support/trial.mjs';

describe('process and host', () => {
  it('look in followers as they do in the leader, and only the leader moves them', async () => {
    await expectAgreement('host.cjs', 200);
  }, 30_000);

  it('receive signals where the leader received them, and end beforeExit by beforeExit', async () => {
    await expectAgreement('signals.cjs', 40);
  }, 30_000);
});

describe('a process that ends', () => {
  it('once more while it ends has the code that it ended with', async () => {
    const trial = await expectAgreement('exit-in-exit.cjs', 5);
    expect(trial.ends.map(({ code }) => code)).toEqual([3, 3, 3]);
  }, 30_000);
});

describe('a trial', () => {
  it('finds what a replica writes of itself', async () => {
    const { differences } = await runTrial([program('uncarried.cjs')]);
    expect(differences.map(({ calls }) => calls[0]?.api)).toEqual(['fs.writeFileSync']);
  }, 30_000);
});

describe('an ES module', () => {
  it('gets hooked functions under the names that it imports', async () => {
    await expectAgreement('views.mjs', 40, { import: true });
  }, 30_000);
});

describe('process.execArgv', () => {
  it.each([
    [['--require', '/a/register.cjs', '--no-warnings'], ['--no-warnings']],
    [['-r', '/a/register.cjs'], []],
    [
      ['--require=/a/register.cjs', '-r', './own.cjs'],
      ['-r', './own.cjs'],
    ],
    [['--import', 'file:///a/register.cjs'], []],
    [['--import', '@lockstep/agent/register', '--inspect=0'], ['--inspect=0']],
    [['--import=/a/register.cjs', '--import=/b/register.cjs'], ['--import=/b/register.cjs']],
    [['--require'], ['--require']],
  ])('loses the flags that load the agent and no other: %j', (given, left) => {
    const execArgv = [...given];
    hideAgentFlags(execArgv, '/a/register.cjs');
    expect(execArgv).toEqual(left);
  });
});
