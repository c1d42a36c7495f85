import { describe, expect, it } from 'vitest';
import { expectAgreement, program } from '../support/agree.ts';
import { runTrial } from '../support/trial.mjs';

describe('TLS connections and their followers', () => {
  it('agree on pools, fetch, STARTTLS, tunnels, sessions, refusals and cut answers', async () => {
    // Standard error holds Node's own warning of a variable, with the process's number in it.
    await expectAgreement('tls.cjs', 1200, { sameOutput: false, timeoutMs: 60_000 });
  }, 120_000);

  it('agree on names, client certificates, shared keys, resumption, layers, streams and broken peers', async () => {
    await expectAgreement('tls-forms.cjs', 1800, { sameOutput: false, timeoutMs: 60_000 });
  }, 120_000);
});

describe('a Node whose TLS is not as expected', () => {
  it.each([
    ['made', 'tls.socket'],
    ['served', 'tls.createServer'],
  ])(
    'ends following where a connection or server is %s, and the leader goes on',
    async (way, api) => {
      const nodeArgs = ['--require', program('tls-unexpected.cjs')];
      const trial = await runTrial([program('tls-made.cjs'), way], { nodeArgs });
      expect(trial.ends[0]?.stdout).toBe('went on\n');
      expect(trial.ends.map((end) => end.stderr)).toEqual(['', '', '']);
      for (const { stopped } of trial.replicas) expect(stopped).toMatchObject({ api });
    },
    30_000,
  );
});
