/**
 * What the door needs of the transport; the transport thread's real outbox and the test double both are
 * this. See `transport/index.ts` for what each method promises.
 */
import type { Reason } from '@lockstep/protocol';

/** The application thread's way out. HOT: called once per recorded call. */
export interface Outbox {
  call(
    kind: number,
    flags: number,
    api: number,
    turn: number,
    parentTurn: number,
    ordinal: number,
    targetLo: number,
    targetHi: number,
    target: string,
    canonical: Uint8Array,
  ): void;
  stack(lines: string): void;
  logEntry(entry: Uint8Array): boolean;
  flush(finishedTurns: number): void;
  publish(): void;
  stopped(code: Reason, api: string | null, detail: string): void;
  counters(counters: Record<string, number>): void;
  end(exitCode: number, complete: boolean): void;
  readonly dropped: number;
}

/** What came in for a follower's application thread. */
export type InboxItem =
  | {
      readonly type: 'entries';
      readonly bytes: Uint8Array;
      readonly count: number;
      readonly turnBase: number;
    }
  | { readonly type: 'closed'; readonly clean: boolean }
  | { readonly type: 'end'; readonly code: Reason; readonly detail: string }
  | { readonly type: 'drill'; readonly file: string };

/** The application thread's way in. */
export interface Inbox {
  take(): InboxItem | null;
  wait(ms: number): void;
  onArrival(callback: () => void): void;
  ref(): void;
  unref(): void;
}
