/**
 * The words that both threads see, by name. One Int32Array over a SharedArrayBuffer; every access is
 * atomic, so an order of stores in one thread is the order that the other one sees.
 */

/** Names of the shared words. */
export const Slot = {
  /** Rung (raised) by the application thread; the transport thread sleeps on it. */
  bell: 0,
  /** 1 while the transport thread sleeps: only then is the bell worth its system call. */
  sleeping: 1,
  /** Number of the drain that the application thread asks for. */
  drainAsked: 2,
  /** Number of the last drain that is over; the application thread blocks on it. */
  drainOver: 3,
  /** Number of the last drain that left nothing unacknowledged. */
  drained: 4,
  /** Items put into the inbox, modulo 2^32; a follower blocks on it. */
  arrived: 5,
  /** Plain log bytes taken out of the inbox, modulo 2^32. */
  takenBytes: 6,
  /** 1 while the socket is paused because too much waits in the inbox. */
  paused: 7,
  /** 1 once the transport thread has died. */
  dead: 8,
  /** Records that the transport thread had to drop, modulo 2^32. */
  dropped: 9,
} as const;

/** Bytes of the shared words; a power of two above their number. */
export const SLOT_BYTES: number = 16 * Int32Array.BYTES_PER_ELEMENT;
