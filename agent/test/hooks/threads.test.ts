import { describe, it } from 'vitest';
import { expectAgreement } from '../support/agree.ts';

/** Three processes with four threads each, beside whatever else runs. */
const TRIAL_MS = 60_000;

describe('threads and channels', { timeout: TRIAL_MS }, () => {
  it('bring the same messages to every replica, within a thread', async () => {
    await expectAgreement('ports.cjs', 700);
  });

  it('carry what V8 can copy, ports that travel and broadcasts', async () => {
    await expectAgreement('messages.cjs', 450, { sameOutput: false });
  });

  it('run in the leader only; what they say, print, share and end with reaches every replica', async () => {
    await expectAgreement('workers.cjs', 150, { sameOutput: false });
  });

  it('run loader hooks in the leader only; where modules are and what stands in them reaches every replica', async () => {
    await expectAgreement('loader-hooks.mjs', 100, { sameOutput: false });
  });
});
