/**
 * The nonce of a log frame (SPEC, LG11). A number is used once for a key: each log has its own key, each
 * frame its own number, and a frame that is sent again is sent as the same bytes.
 */

/** Bytes of an AES-GCM nonce. */
const NONCE_BYTES = 12;

/** Twelve bytes: the frame's number (`first` of its header, u64) and its stream (u32), little-endian. */
export function logNonce(frame: number, stream: number): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  const view = new DataView(nonce.buffer);
  view.setBigUint64(0, BigInt(frame), true);
  view.setUint32(8, stream, true);
  return nonce;
}
