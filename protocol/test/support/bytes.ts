/** Short ways to encode one thing and look at its bytes. */
import {
  ByteSink,
  ByteSource,
  CanonicalWriter,
  decodeCanonical,
  decodeValue,
  type EvidenceNode,
  encodeValue,
} from '../../src/index.ts';
import { testPlatform } from './test-platform.ts';

export function canonical(value: unknown): Uint8Array {
  const sink = new ByteSink(64);
  new CanonicalWriter(sink).write(value);
  return sink.bytes().slice();
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Canonical bytes as text that `toBe` compares well. */
export function canonicalHex(value: unknown): string {
  return hex(canonical(value));
}

export function evidence(value: unknown): EvidenceNode {
  return decodeCanonical(canonical(value));
}

export function valueBytes(value: unknown): Uint8Array {
  const sink = new ByteSink(64);
  encodeValue(sink, value, testPlatform);
  return sink.bytes().slice();
}

export function decoded(bytes: Uint8Array): unknown {
  const source = new ByteSource(bytes);
  const value = decodeValue(source, testPlatform);
  if (source.left > 0) throw new Error(`${source.left} bytes after the value`);
  return value;
}

export function roundTrip(value: unknown): unknown {
  return decoded(valueBytes(value));
}
