/**
 * Encryption of log frames: AES-256-GCM, nonce = frame number and stream, the header authenticated. A
 * frame number is used once in a run, and a frame that is sent again is sent as the same bytes.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { FRAME_HEADER_BYTES, KeyLabel, LOG_TAG_BYTES } from '@lockstep/protocol';
import { deriveKey, type KeySource } from '../keys.ts';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;

/** The key of a log. */
export function logKey(source: KeySource): Buffer {
  return deriveKey(source, KeyLabel.log, KEY_BYTES);
}

/** A whole frame: header, cipher text, tag. */
export function sealFrame(
  key: Uint8Array,
  frameNumber: number,
  header: Uint8Array,
  plain: Uint8Array,
): Uint8Array {
  const cipher = createCipheriv(ALGORITHM, key, nonce(frameNumber));
  cipher.setAAD(header);
  const body = cipher.update(plain);
  // GCM is a stream: `final` gives no bytes, it makes the tag.
  cipher.final();
  const frame = new Uint8Array(FRAME_HEADER_BYTES + body.length + LOG_TAG_BYTES);
  frame.set(header);
  frame.set(body, FRAME_HEADER_BYTES);
  frame.set(cipher.getAuthTag(), FRAME_HEADER_BYTES + body.length);
  return frame;
}

/** The plain bytes of a frame, or null when it is not what the leader sealed. */
export function openFrame(
  key: Uint8Array,
  frameNumber: number,
  frame: Uint8Array,
): Uint8Array | null {
  const end = frame.length - LOG_TAG_BYTES;
  if (end < FRAME_HEADER_BYTES) return null;
  const decipher = createDecipheriv(ALGORITHM, key, nonce(frameNumber));
  decipher.setAAD(frame.subarray(0, FRAME_HEADER_BYTES));
  decipher.setAuthTag(frame.subarray(end));
  const plain = decipher.update(frame.subarray(FRAME_HEADER_BYTES, end));
  try {
    decipher.final();
  } catch {
    return null; // The tag does not fit: refused by the caller, with a reason.
  }
  return plain;
}

function nonce(frameNumber: number): Uint8Array {
  const bytes = new Uint8Array(NONCE_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(frameNumber), true);
  return bytes;
}
