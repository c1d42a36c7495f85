/**
 * Starts the transport thread and ties outbox and inbox to it. The thread never keeps the process alive,
 * inherits nothing of it (no preloads, no environment, no streams), and its death is a state, not an error:
 * the service goes on, the outbox drops and counts.
 */
import type { MessagePort, Worker } from 'node:worker_threads';
import { type Coverage, Role } from '@lockstep/protocol';
import { ring } from './doorbell.ts';
import {
  atomicLoad,
  atomicStore,
  atomicWait,
  OriginalMessageChannel,
  OriginalWorker,
  SharedMemory,
} from './originals.ts';
import { PortInbox } from './port-inbox.ts';
import { SegmentOutbox } from './segment-outbox.ts';
import { SegmentWriter } from './segment-writer.ts';
import { SLOT_BYTES, Slot } from './slots.ts';
import type { Inbox, Outbox, Transport, TransportOptions } from './transport-types.ts';
import type { WorkerStart } from './worker-start.ts';

/** `ws` would load these native add-ons from the service's own dependencies. */
const WORKER_ENVIRONMENT: Readonly<Record<string, string>> = {
  WS_NO_BUFFER_UTIL: '1',
  WS_NO_UTF_8_VALIDATE: '1',
};

/** Starts the transport of a replica. Never throws: a thread that cannot start is a dead one. */
export function startTransport(options: TransportOptions): Transport {
  return new ThreadTransport(options);
}

class ThreadTransport implements Transport {
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  private readonly portInbox: PortInbox;
  private readonly segmentOutbox: SegmentOutbox;
  private readonly slots: Int32Array;
  private readonly writer: SegmentWriter;
  private drains = 0;

  constructor(options: TransportOptions) {
    const memory = new SharedMemory(SLOT_BYTES);
    this.slots = new Int32Array(memory);
    const segments = new OriginalMessageChannel();
    const inbox = new OriginalMessageChannel();
    this.writer = new SegmentWriter(this.slots, segments.port1, options.memoryBytes);
    this.segmentOutbox = new SegmentOutbox(this.writer, this.slots);
    this.outbox = this.segmentOutbox;
    this.portInbox = new PortInbox(inbox.port1, this.slots, options.role === Role.follower);
    this.inbox = this.portInbox;
    const start = { options, slots: memory, segments: segments.port2, inbox: inbox.port2 };
    const worker = startWorker(start, [segments.port2, inbox.port2]);
    if (worker === null) this.died();
    else this.watch(worker);
  }

  get alive(): boolean {
    return atomicLoad(this.slots, Slot.dead) === 0;
  }

  setSetting(setting: Record<string, string>, coverage: Coverage): void {
    this.segmentOutbox.control({ type: 'setting', setting, coverage });
  }

  drain(ms: number): boolean {
    const { slots } = this;
    this.writer.publish();
    if (!this.alive) return false;
    this.drains = (this.drains + 1) | 0;
    atomicStore(slots, Slot.drainAsked, this.drains);
    ring(slots);
    // Twice at most: the first wake may be the end of an earlier drain that was given up.
    if (this.drainMoves(ms)) this.drainMoves(ms);
    return atomicLoad(slots, Slot.drained) === this.drains;
  }

  /** Blocks until a drain is over that was not when it began; false when this one is, or time is up. */
  private drainMoves(ms: number): boolean {
    const over = atomicLoad(this.slots, Slot.drainOver);
    if (over === this.drains) return false;
    return atomicWait(this.slots, Slot.drainOver, over, ms) !== 'timed-out';
  }

  private watch(worker: Worker): void {
    worker.on('error', () => this.died());
    worker.on('exit', () => this.died());
    worker.unref();
  }

  private died(): void {
    atomicStore(this.slots, Slot.dead, 1);
    this.writer.kill();
    this.portInbox.died();
  }
}

/** Null when this process cannot have a thread; the agent goes on without. */
function startWorker(start: WorkerStart, ports: MessagePort[]): Worker | null {
  const { options } = start;
  try {
    return new OriginalWorker(options.workerFile, {
      name: 'lockstep',
      workerData: start,
      transferList: ports,
      env: WORKER_ENVIRONMENT,
      execArgv: [],
      argv: [],
      stdin: false,
      stdout: true,
      stderr: true,
    });
  } catch {
    return null;
  }
}
