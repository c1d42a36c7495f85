/**
 * Checks a tree of evidence that came over a socket, by hand: a schema that refers to itself would
 * recurse as deep as the sender likes, and whoever shows the tree recurses after it.
 */
import type { EvidenceNode } from '../api-types.ts';
import { MAX_DEPTH } from '../limits.ts';

/** Levels that a decoded canonical value has at most: the arguments' list, its nesting, a leaf. */
const MAX_LEVELS: number = MAX_DEPTH + 2;

/** Every field that some node has, not looked at yet. */
interface Fields {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly value?: unknown;
  readonly index?: unknown;
  readonly className?: unknown;
  readonly length?: unknown;
  readonly base64?: unknown;
  readonly items?: unknown;
  readonly entries?: unknown;
  readonly key?: unknown;
}

type Check = (fields: Fields, level: number) => boolean;

const texts: Check = (fields) => hasKeys(fields, 2) && typeof fields.text === 'string';

const checks: ReadonlyMap<unknown, Check> = new Map<EvidenceNode['type'], Check>([
  ['undefined', texts],
  ['null', texts],
  ['function', texts],
  ['symbol', texts],
  ['opaque', texts],
  ['truncated', texts],
  ['number', texts],
  ['bigint', texts],
  ['string', texts],
  ['date', texts],
  ['url', texts],
  ['regexp', texts],
  ['boolean', (fields) => hasKeys(fields, 2) && typeof fields.value === 'boolean'],
  ['reference', (fields) => hasKeys(fields, 2) && isCount(fields.index)],
  [
    'bytes',
    (fields) =>
      hasKeys(fields, 4) &&
      typeof fields.className === 'string' &&
      isCount(fields.length) &&
      typeof fields.base64 === 'string',
  ],
  [
    'list',
    (fields, level) =>
      hasKeys(fields, 3) &&
      typeof fields.className === 'string' &&
      isList(fields.items, (item) => isNode(item, level + 1)),
  ],
  [
    'record',
    (fields, level) =>
      hasKeys(fields, 3) &&
      typeof fields.className === 'string' &&
      isList(fields.entries, (entry) => isEntry(entry, level + 1)),
  ],
]);

/** Whether `input` is a tree of evidence that the canonical form can give. */
export function isEvidenceNode(input: unknown): input is EvidenceNode {
  return isNode(input, 1);
}

function isNode(input: unknown, level: number): boolean {
  if (level > MAX_LEVELS || !isFields(input)) return false;
  return checks.get(input.type)?.(input, level) ?? false;
}

function isEntry(input: unknown, level: number): boolean {
  if (!isFields(input) || !hasKeys(input, 2)) return false;
  return isNode(input.key, level) && isNode(input.value, level);
}

function isFields(input: unknown): input is Fields {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

function isList(input: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(input) && input.every(isItem);
}

function isCount(input: unknown): boolean {
  return Number.isSafeInteger(input) && (input as number) >= 0;
}

/** With the fields that a check asks for, a count leaves no room for others. */
function hasKeys(fields: Fields, count: number): boolean {
  return Object.keys(fields).length === count;
}
