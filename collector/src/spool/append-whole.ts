/**
 * Appends to a spool file wholly or not at all: when the disk is full in the middle of a frame, what was
 * written of it is cut off again, so that whatever is appended later stands where a reader looks for it.
 */
import { ftruncateSync, writeSync } from 'node:fs';

/** The disk below the spool takes nothing more (full, over quota, broken). */
export class SpoolUnwritable extends Error {
  override readonly name = 'SpoolUnwritable';
}

/** Appends `bytes` to a file of `size` bytes. Throws `SpoolUnwritable`, the file then being as before. */
export function appendWhole(descriptor: number, size: number, bytes: Uint8Array): void {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(descriptor, bytes, written);
  } catch (cause) {
    if (written > 0) ftruncateSync(descriptor, size);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SpoolUnwritable(`the spool cannot be written: ${why}`, { cause });
  }
}
