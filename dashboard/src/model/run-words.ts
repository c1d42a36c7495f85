/**
 * Says in a plain sentence how a run is doing, and above all why nobody compares it any more:
 * `unprotected` without a reason that can be acted on would only worry people.
 */
import type { Reason, RunView } from '@lockstep/protocol';

type RunReason = NonNullable<RunView['reason']>;

const reasonSentences: Readonly<Record<Reason, (reason: RunReason) => string>> = {
  gap: () => 'Records were lost, so later calls cannot be compared.',
  'replica-ended': () => 'A follower ended, and nothing is left to compare the leader with.',
  'replica-silent': () => 'A replica went silent and did not come back.',
  'not-followed': (reason) =>
    `The service used ${reason.api ?? 'an API'}, which Lockstep does not follow yet; followers ended there.`,
  timeout: () => 'A time limit passed before the comparison was complete.',
  'spool-full': () =>
    'The spool reached its limit; followers were ended rather than left half-fed.',
  unfinished: () => 'Followers could not finish the log in the time that they had.',
  'setup-mismatch': () => 'The replicas did not start from an identical initial setting.',
  'collector-away': () => 'The collector was away for longer than the spool could bridge.',
  'no-followers': () => 'The leader runs alone: no follower is connected.',
  'log-refused': () => "A replica refused the leader's log.",
  'too-many-logs': () =>
    'The service started more children than are followed; further ones are not.',
};

/** The sentence under a run's state, or null when the state says it all. */
export function runReasonSentence(run: RunView): string | null {
  if (run.reason === null) return null;
  const sentence = reasonSentences[run.reason.code](run.reason);
  const detail = run.reason.detail.trim().replace(/\.$/, '');
  if (detail === '' || sentence.includes(detail)) return sentence;
  return `${sentence.slice(0, -1)} (${detail}).`;
}

/** One line on what the state means for the service. */
export function runStateSentence(run: RunView): string {
  switch (run.state) {
    case 'starting':
      return 'Replicas are connecting; nothing is compared yet.';
    case 'protected':
      return run.reason === null
        ? 'Every finished call is compared.'
        : 'Every finished call of the processes that are followed is compared.';
    case 'unprotected':
      return 'The service goes on, but nobody compares it.';
    case 'ended':
      return 'This run is over.';
  }
}
