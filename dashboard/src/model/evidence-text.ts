/**
 * Writes decoded evidence as lines of text, one fact a line, so that a line diff finds what changed
 * and a person can read it. Text inside bytes keeps its own lines; other bytes become a hex dump.
 */
import type { EvidenceNode } from '@lockstep/protocol';
import { DIFF_HEX_ROW_BYTES, DIFF_LINES, EVIDENCE_DEPTH } from '../limits.ts';
import { bytesFromBase64, type DecodedBytes, decodeBytes } from './evidence-bytes.ts';

/** Lines of evidence; `omitted` tells that a limit cut them. */
export interface EvidenceText {
  readonly lines: readonly string[];
  readonly omitted: boolean;
}

class LineWriter {
  readonly lines: string[] = [];
  omitted = false;

  write(depth: number, text: string): void {
    if (this.lines.length >= DIFF_LINES) {
      this.omitted = true;
      return;
    }
    this.lines.push('  '.repeat(depth) + text);
  }
}

/** Renders one node and all below it. */
export function evidenceText(node: EvidenceNode): EvidenceText {
  const writer = new LineWriter();
  writeNode(writer, node, { depth: 0, before: '', after: '' });
  return { lines: writer.lines, omitted: writer.omitted };
}

type CompositeNode = Extract<EvidenceNode, { type: 'list' | 'record' | 'bytes' }>;
type ScalarNode = Exclude<EvidenceNode, CompositeNode>;

/** A value that fits on one line, as a JavaScript reader would expect it. */
export function scalarText(node: ScalarNode): string {
  switch (node.type) {
    case 'boolean':
      return String(node.value);
    case 'string':
      return JSON.stringify(node.text);
    case 'bigint':
      return node.text.endsWith('n') ? node.text : `${node.text}n`;
    case 'date':
    case 'url':
      return `${node.type === 'date' ? 'Date' : 'URL'} ${node.text}`;
    case 'reference':
      return `<same object as #${node.index}>`;
    case 'truncated':
      return `<cut by a limit: ${node.text}>`;
    case 'opaque':
    case 'function':
    case 'symbol':
      return `<${node.type} ${node.text}>`;
    case 'undefined':
    case 'null':
      return node.type;
    case 'number':
    case 'regexp':
      return node.text;
  }
}

/** Where a node is written: how deep, and what stands before and after it on its lines. */
interface Place {
  readonly depth: number;
  readonly before: string;
  readonly after: string;
}

function writeNode(writer: LineWriter, node: EvidenceNode, place: Place): void {
  if (place.depth > EVIDENCE_DEPTH) {
    writer.omitted = true;
    return;
  }
  switch (node.type) {
    case 'list':
      writeList(writer, node, place);
      break;
    case 'record':
      writeRecord(writer, node, place);
      break;
    case 'bytes':
      writeBytes(writer, node, place);
      break;
    default:
      writer.write(place.depth, `${place.before}${scalarText(node)}${place.after}`);
  }
}

function writeList(
  writer: LineWriter,
  node: Extract<EvidenceNode, { type: 'list' }>,
  { depth, before, after }: Place,
): void {
  const name = node.className === 'Array' || node.className === '' ? '' : `${node.className} `;
  if (node.items.length === 0) {
    writer.write(depth, `${before}${name}[]${after}`);
    return;
  }
  writer.write(depth, `${before}${name}[`);
  for (const item of node.items) {
    writeNode(writer, item, { depth: depth + 1, before: '', after: ',' });
  }
  writer.write(depth, `]${after}`);
}

function writeRecord(
  writer: LineWriter,
  node: Extract<EvidenceNode, { type: 'record' }>,
  { depth, before, after }: Place,
): void {
  const name = node.className === 'Object' || node.className === '' ? '' : `${node.className} `;
  if (node.entries.length === 0) {
    writer.write(depth, `${before}${name}{}${after}`);
    return;
  }
  writer.write(depth, `${before}${name}{`);
  for (const { key, value } of node.entries) {
    writeNode(writer, value, { depth: depth + 1, before: `${keyText(key)}: `, after: ',' });
  }
  writer.write(depth, `}${after}`);
}

const PLAIN_KEY = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** A key on one line: plain when it is a plain name, else as the value that it is. */
export function keyText(key: EvidenceNode): string {
  if (key.type === 'string') return PLAIN_KEY.test(key.text) ? key.text : JSON.stringify(key.text);
  if (key.type === 'list' || key.type === 'record') return `<${key.className}>`;
  if (key.type === 'bytes') return `<${key.className} ${key.base64}>`;
  return scalarText(key);
}

function writeBytes(
  writer: LineWriter,
  node: Extract<EvidenceNode, { type: 'bytes' }>,
  { depth, before, after }: Place,
): void {
  const bytes = bytesFromBase64(node.base64);
  if (bytes === null) {
    writer.write(depth, `${before}${node.className} <not decodable>${after}`);
    return;
  }
  const decoded = decodeBytes(bytes, node.length, DIFF_HEX_ROW_BYTES);
  const unit = node.length === 1 ? 'byte' : 'bytes';
  writer.write(depth, `${before}${node.className} of ${node.length} ${unit}${after}`);
  for (const line of byteLines(decoded)) writer.write(depth + 1, line);
  if (decoded.omitted > 0) writer.write(depth + 1, `<${decoded.omitted} more bytes>`);
}

function byteLines(decoded: DecodedBytes): readonly string[] {
  if (decoded.text !== null) {
    return decoded.text === '' ? [] : decoded.text.split('\n').map((line) => `│ ${line}`);
  }
  return decoded.rows.map((row) => `${row.offset}  ${row.hex}  ${row.text}`);
}
