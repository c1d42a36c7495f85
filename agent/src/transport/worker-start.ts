/** What the transport thread is started with. */
import type { MessagePort } from 'node:worker_threads';
import type { TransportOptions } from './transport-types.ts';

/** `workerData` of the transport thread. */
export interface WorkerStart {
  readonly options: TransportOptions;
  readonly slots: SharedArrayBuffer;
  /** Announces segments. */
  readonly segments: MessagePort;
  /** Carries inbox items out. */
  readonly inbox: MessagePort;
}
