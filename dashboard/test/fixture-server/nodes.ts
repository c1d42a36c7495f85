/** Short ways to write decoded evidence. */
import { Buffer } from 'node:buffer';
import type { EvidenceNode } from '@lockstep/protocol';

/** A string. */
export function text(value: string): EvidenceNode {
  return { type: 'string', text: value };
}

/** A number. */
export function number(value: number): EvidenceNode {
  return { type: 'number', text: String(value) };
}

/** Bytes of a Buffer. */
export function bytes(value: string | Uint8Array): EvidenceNode {
  const buffer = Buffer.from(value);
  return {
    type: 'bytes',
    className: 'Buffer',
    length: buffer.length,
    base64: buffer.toString('base64'),
  };
}

/** An object. */
export function record(entries: Readonly<Record<string, EvidenceNode>>): EvidenceNode {
  return {
    type: 'record',
    className: 'Object',
    entries: Object.entries(entries).map(([key, value]) => ({ key: text(key), value })),
  };
}

/** Arguments of a call. */
export function list(...items: EvidenceNode[]): EvidenceNode {
  return { type: 'list', className: 'Arguments', items };
}
