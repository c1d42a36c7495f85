/**
 * The heart of the collector: batches of records and what becomes of the replicas go in, verdicts come
 * out, a batch for each event that decided something. Everything is synchronous, so a verdict leaves in
 * the same tick in which the last replica's watermark came.
 */
import { Observable, type OperatorFunction } from 'rxjs';
import type { JoinEvent, VerdictBatch } from './events.ts';
import { Joiner, type JoinOptions } from './joiner.ts';

/** Joins the records of one log by call identifier; each subscription starts empty. */
export function joinByCallId(options: JoinOptions): OperatorFunction<JoinEvent, VerdictBatch> {
  return (source) =>
    new Observable((subscriber) => {
      const joiner = new Joiner(options);
      return source.subscribe({
        next(event) {
          const verdicts = joiner.take(event);
          if (verdicts !== null) subscriber.next(verdicts);
        },
        error: (reason: unknown) => subscriber.error(reason),
        complete: () => subscriber.complete(),
      });
    });
}
