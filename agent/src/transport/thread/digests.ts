/**
 * HOT. Digests of calls, written straight into a record: xxHash64 with the log's hash seed, or in strong
 * mode the first half of an HMAC-SHA-256. Both are over API name, a zero byte and the canonical bytes.
 */
import { createHmac } from 'node:crypto';
import { KeyLabel } from '@lockstep/protocol';
// biome-ignore lint/correctness/noUnresolvedImports: its declaration file wraps the default export in `declare module`
import xxhash from 'xxhash-wasm';
import { deriveKey, type KeySource } from '../keys.ts';

/** Writes the digest of `bytes` at `at` of a record: 8 bytes, or 16 in strong mode. */
export type Digest = (view: DataView, at: number, bytes: Uint8Array) => void;

/** The digest of a log; asynchronous because its WebAssembly is compiled first. */
export async function makeDigest(source: KeySource, strong: boolean): Promise<Digest> {
  return strong ? strongDigest(source) : hashDigest(source);
}

async function hashDigest(source: KeySource): Promise<Digest> {
  const { h64Raw } = await xxhash();
  const seed = deriveKey(source, KeyLabel.hash, 8).readBigUInt64LE();
  return (view, at, bytes) => view.setBigUint64(at, h64Raw(bytes, seed), true);
}

function strongDigest(source: KeySource): Digest {
  const key = deriveKey(source, KeyLabel.mac, 32);
  return (view, at, bytes) => {
    const mac = createHmac('sha256', key).update(bytes).digest();
    view.setUint32(at, mac.readUInt32LE(0), true);
    view.setUint32(at + 4, mac.readUInt32LE(4), true);
    view.setUint32(at + 8, mac.readUInt32LE(8), true);
    view.setUint32(at + 12, mac.readUInt32LE(12), true);
  };
}
