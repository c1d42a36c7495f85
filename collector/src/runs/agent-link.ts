/** What a run may do with a replica's connection; tests put a plain object in its place. */
import type { CollectorFrame } from '@lockstep/protocol';
import type { Refusal } from '../errors.ts';

export interface AgentLink {
  send(frame: CollectorFrame): void;
  /** Sends a binary frame as it is; `sent` is called when the socket has taken it. */
  sendBytes(bytes: Uint8Array, sent: () => void): void;
  /** Bytes given to the socket and not yet taken by the kernel. */
  bufferedBytes(): number;
  refuse(refusal: Refusal): void;
  /** Closes in order: nothing more is wanted. */
  finish(): void;
}
