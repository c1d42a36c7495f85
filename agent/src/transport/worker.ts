/**
 * The transport thread: owns the socket, hashes, seals, and keeps what was not acknowledged. A bundle of
 * its own; it shares nothing with the application thread but memory and two ports. It must not die, and
 * when it does all the same, nothing waits for it: the shared word `dead` says so first.
 */
import { workerData } from 'node:worker_threads';
import { Slot } from './slots.ts';
import { makeDigest } from './thread/digests.ts';
import { Session } from './thread/session.ts';
import type { WorkerStart } from './worker-start.ts';

const start = workerData as WorkerStart;
const slots = new Int32Array(start.slots);

/** Wakes whoever blocks on this thread: it will not answer any more. */
function announceDeath(): void {
  Atomics.store(slots, Slot.dead, 1);
  Atomics.store(slots, Slot.drainOver, Atomics.load(slots, Slot.drainAsked));
  Atomics.notify(slots, Slot.drainOver);
  Atomics.add(slots, Slot.arrived, 1);
  Atomics.notify(slots, Slot.arrived);
}

process.on('exit', announceDeath);

async function main(): Promise<void> {
  const { options, segments, inbox } = start;
  const digest = await makeDigest(options, options.strong);
  new Session({ options, slots, segments, inbox, digest }).run();
}

main().catch(() => process.exit(1));
