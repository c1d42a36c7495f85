/**
 * What a person at the terminal must know of a run: said once per change, on standard error, each line
 * with `lockstep:` in front. Losing protection is said loudly; a service that is fine is told once.
 */
import { Reason, RunState, type RunStateFrame } from '@lockstep/protocol';
import colors from 'picocolors';

/** Where lines go. */
export type Say = (line: string) => void;

/** Lockstep's own lines, apart from the service's. */
export const sayToStderr: Say = (line) => {
  process.stderr.write(`lockstep: ${line}\n`);
};

/** Short form of a run's id for people; unique enough on one screen. */
export function shortRun(runId: string): string {
  return runId.slice(0, 8);
}

export interface NoticesOptions {
  readonly service: string;
  readonly runId: string;
  readonly followers: number;
  readonly collectorUrl: string;
  readonly say: Say;
  /** How long bad news of followers is held back, milliseconds: the run may be ending. */
  readonly graceMs: number;
}

export class Notices {
  readonly #options: NoticesOptions;
  #isAway: boolean = false;
  #wasRegistered: boolean = false;
  #isOver: boolean = false;
  #lastState = '';
  #lastRefusal = '';

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  /** The collector cannot be reached, or went away. */
  away(detail: string): void {
    if (this.#isAway) return;
    this.#isAway = true;
    const { collectorUrl, service } = this.#options;
    this.#loud(
      this.#wasRegistered
        ? `the collector at ${collectorUrl} went away (${detail}); ${service} runs on UNPROTECTED until it is back`
        : `no collector answers at ${collectorUrl} (${detail}); ${service} runs UNPROTECTED until one does (start it with: lockstep up)`,
    );
  }

  /** The collector knows the run. */
  registered(): void {
    const { collectorUrl, say } = this.#options;
    if (this.#isAway) say(`the collector at ${collectorUrl} answers`);
    this.#isAway = false;
    this.#wasRegistered = true;
  }

  /** The collector does not want this run. */
  refused(code: string, message: string): void {
    if (this.#lastRefusal === code) return;
    this.#lastRefusal = code;
    const { collectorUrl, service } = this.#options;
    this.#loud(
      `the collector at ${collectorUrl} refused (${code}): ${message}; ${service} runs UNPROTECTED`,
    );
  }

  /** The run's state changed, as the collector sees it. */
  runState(frame: RunStateFrame): void {
    const key = `${frame.state} ${frame.code} ${frame.api}`;
    if (key === this.#lastState) return;
    this.#lastState = key;
    const { service, runId, followers, say } = this.#options;
    if (frame.state === RunState.protected) {
      const beside = followers === 1 ? '1 follower compares' : `${followers} followers compare`;
      if (frame.code === null) {
        say(`${service} is protected: ${beside} every call (run ${shortRun(runId)})`);
      } else this.#loud(`${service} is followed in part: ${unprotectedText(frame)}`);
    } else if (frame.state === RunState.unprotected) {
      this.#unlessOver(() => this.#loud(`${service} is UNPROTECTED: ${unprotectedText(frame)}`));
    }
  }

  /** The leader has ended: what happens to its followers now is nobody's loss. */
  over(): void {
    this.#isOver = true;
  }

  /** A follower's process ended before its time. */
  followerDied(id: string, how: string, stderrTail: string): void {
    this.#unlessOver(() => {
      const { say } = this.#options;
      say(`follower ${id} ended early (${how})`);
      for (const line of stderrTail.trim().split('\n').slice(-TAIL_LINES)) {
        if (line !== '') say(`  ${id}: ${line}`);
      }
    });
  }

  /** Followers that have reached the end of the log may be gone a moment before the leader. */
  #unlessOver(speak: () => void): void {
    const timer = setTimeout(() => {
      if (!this.#isOver) speak();
    }, this.#options.graceMs);
    timer.unref();
  }

  #loud(text: string): void {
    this.#options.say(colors.createColors(process.stderr.isTTY).bold(colors.red(text)));
  }
}

/** Lines of a dead follower's last words that are worth a person's screen. */
const TAIL_LINES = 8;

/** Why a run is unprotected, as a person would say it. */
export function unprotectedText(frame: RunStateFrame): string {
  return `${frame.code === null ? 'for an unknown reason' : reasonText(frame.code, frame.api)}${frame.detail === '' ? '' : ` (${frame.detail})`}`;
}

/** A reason in words. */
export function reasonText(code: Reason, api: string | null): string {
  switch (code) {
    case Reason.gap:
      return 'a part of the records or of the log was lost';
    case Reason.replicaEnded:
      return 'a replica ended early';
    case Reason.replicaSilent:
      return 'a replica has gone quiet';
    case Reason.notFollowed:
      return `followers cannot follow ${api ?? 'an API that the service uses'} yet`;
    case Reason.timeout:
      return 'the time was up';
    case Reason.spoolFull:
      return 'the spool is full';
    case Reason.unfinished:
      return 'followers did not reach the end of the log in time';
    case Reason.setupMismatch:
      return 'the replicas did not start with the same setting';
    case Reason.collectorAway:
      return 'the collector is away';
    case Reason.noFollowers:
      return 'no follower is left';
    case Reason.logRefused:
      return 'the log could not be read by the followers';
    case Reason.tooManyLogs:
      return 'further children are not followed';
  }
}
