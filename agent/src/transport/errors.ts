/** What the transport has to tell people. Part of the agent's table of errors. */

/** One row: message and remedy with `{placeholders}`, and whether trying again can help. */
export interface TransportErrorRow {
  readonly message: string;
  readonly remedy: string;
  readonly retryable: boolean;
}

/** A code of the table. */
export type TransportErrorCode =
  | 'COLLECTOR_AWAY'
  | 'COLLECTOR_REFUSED'
  | 'SPOOL_FULL'
  | 'LOG_LOST'
  | 'LOG_REFUSED';

/** The transport's rows of the agent's error table. */
export const transportErrors: Readonly<Record<TransportErrorCode, TransportErrorRow>> = {
  COLLECTOR_AWAY: {
    message: 'the collector at {url} does not answer ({why}); the service goes on, records wait',
    remedy: 'start it with `lockstep up`, or check LOCKSTEP_URL',
    retryable: true,
  },
  COLLECTOR_REFUSED: {
    message:
      'the collector at {url} refused replica {replica}: {why}; the service goes on unprotected',
    remedy: 'start the run again once that is put right',
    retryable: false,
  },
  SPOOL_FULL: {
    message: 'more than {limit} bytes wait for the collector; the log of {replica} ends here',
    remedy: 'bring the collector back sooner, or raise spoolMiB, and start the run again',
    retryable: false,
  },
  LOG_LOST: {
    message:
      'the transport thread of {replica} fell behind by more than {limit} bytes; its log ends here',
    remedy: 'give the host more processor time, or raise memoryMiB, and start the run again',
    retryable: false,
  },
  LOG_REFUSED: {
    message: 'a frame of the log was refused: {why}',
    remedy: 'look at what lies between leader and collector, and start the run again',
    retryable: false,
  },
};

/** Message and remedy of a row with its placeholders filled in. */
export function errorSentence(
  code: TransportErrorCode,
  values: Readonly<Record<string, string>>,
): string {
  const { message, remedy } = transportErrors[code];
  return `${message}; ${remedy}`.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '?');
}
