/**
 * Decodes canonical bytes into the tree that people are shown as evidence. What is shown is what was
 * hashed: nothing is looked up anywhere else.
 */
import type { EvidenceNode } from '../api-types.ts';
import { ByteSource, MalformedBytes } from '../byte-source.ts';
import { MAX_DEPTH } from '../limits.ts';
import { Tag } from './tags.ts';

/** Bytes of one buffer that a tree carries; the length is always the true one. */
const SHOWN_BYTES: number = 64 * 1024;

/** Decodes one canonical value. Throws `MalformedBytes` for anything else. */
export function decodeCanonical(bytes: Uint8Array): EvidenceNode {
  const source = new ByteSource(bytes);
  const node = read(source, 0);
  if (source.left > 0) throw new MalformedBytes(`${source.left} bytes after the value`, source.at);
  return node;
}

function read(source: ByteSource, depth: number): EvidenceNode {
  if (depth > MAX_DEPTH + 1) throw new MalformedBytes('nesting too deep', source.at);
  const tag = source.u8();
  return readScalar(source, tag) ?? readContainer(source, tag, depth);
}

function readScalar(source: ByteSource, tag: number): EvidenceNode | null {
  switch (tag) {
    case Tag.undefined:
      return { type: 'undefined', text: 'undefined' };
    case Tag.null:
      return { type: 'null', text: 'null' };
    case Tag.false:
    case Tag.true:
      return { type: 'boolean', value: tag === Tag.true };
    case Tag.number:
      return { type: 'number', text: numberText(source.f64()) };
    case Tag.string:
      return { type: 'string', text: source.text() };
    case Tag.bigint:
      return { type: 'bigint', text: source.text() };
    case Tag.symbol:
      return { type: 'symbol', text: source.text() };
    case Tag.function:
      return { type: 'function', text: 'function' };
    default:
      return readPlatform(source, tag);
  }
}

function readPlatform(source: ByteSource, tag: number): EvidenceNode | null {
  switch (tag) {
    case Tag.date:
      return { type: 'date', text: dateText(source.f64()) };
    case Tag.url:
      return { type: 'url', text: source.text() };
    case Tag.regexp:
      return { type: 'regexp', text: `/${source.text()}/${source.text()}` };
    case Tag.ancestor:
      return { type: 'reference', index: source.u32() };
    case Tag.tooDeep:
      return { type: 'truncated', text: 'nested too deep' };
    case Tag.opaque:
      return { type: 'opaque', text: source.text() };
    case Tag.tooLong:
      return { type: 'truncated', text: `${source.u64()} in length, not kept` };
    case Tag.rest:
      return { type: 'truncated', text: `${source.u64()} more items` };
    case Tag.bytes:
      return readBytes(source);
    default:
      return null;
  }
}

function readContainer(source: ByteSource, tag: number, depth: number): EvidenceNode {
  switch (tag) {
    case Tag.array:
      return readList(source, source.text(), depth);
    case Tag.set:
      return readList(source, 'Set', depth);
    case Tag.object:
      return readEntries(source, source.text(), depth, (s) => ({ type: 'string', text: s.text() }));
    case Tag.map:
      return readEntries(source, 'Map', depth, (s) => read(s, depth + 1));
    case Tag.error:
      return readError(source, depth);
    default:
      throw new MalformedBytes(`unknown tag ${tag}`, source.at - 1);
  }
}

function readBytes(source: ByteSource): EvidenceNode {
  const className = source.text();
  const bytes = source.raw(source.u32());
  return {
    type: 'bytes',
    className,
    length: bytes.length,
    base64: base64(bytes.subarray(0, SHOWN_BYTES)),
  };
}

/** A count may exceed what is left (holes, a rest); every item takes a byte, so the loop ends with them. */
function readList(source: ByteSource, className: string, depth: number): EvidenceNode {
  const count = source.u32();
  const items: EvidenceNode[] = [];
  let at = 0;
  while (at < count) {
    const tag = source.bytes[source.at];
    if (tag === Tag.holes) {
      at += readHoles(source, count - at, items);
    } else {
      items.push(read(source, depth + 1));
      at = tag === Tag.rest ? count : at + 1;
    }
  }
  return { type: 'list', className, items };
}

function readHoles(source: ByteSource, most: number, items: EvidenceNode[]): number {
  const at = source.at;
  source.u8();
  const count = source.u32();
  if (count === 0 || count > most) throw new MalformedBytes(`${count} holes of ${most}`, at);
  items.push({ type: 'undefined', text: `${count} empty` });
  return count;
}

function readEntries(
  source: ByteSource,
  className: string,
  depth: number,
  readKey: (source: ByteSource) => EvidenceNode,
): EvidenceNode {
  const count = source.u32();
  const entries: { key: EvidenceNode; value: EvidenceNode }[] = [];
  let last = false;
  for (let i = 0; i < count && !last; i++) {
    const key = readKey(source);
    last = source.bytes[source.at] === Tag.rest;
    entries.push({ key, value: read(source, depth + 1) });
  }
  return { type: 'record', className, entries };
}

function readError(source: ByteSource, depth: number): EvidenceNode {
  const entries = ['name', 'message', 'code'].map((key) => ({
    key: { type: 'string' as const, text: key },
    value: read(source, depth + 1),
  }));
  return { type: 'record', className: 'Error', entries };
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function dateText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'Invalid Date' : date.toISOString();
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
