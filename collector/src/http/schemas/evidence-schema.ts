/** Schema of decoded evidence: a tree of values, told apart by `type`. */
import type { EvidenceNode } from '@lockstep/protocol';
import { count, flag, listOf, objectOf, ref, type Schema, text } from './json-schema.ts';

type Node<Type extends EvidenceNode['type']> = Extract<EvidenceNode, { type: Type }>;
type WordNode = Extract<EvidenceNode, { type: 'null' }>;
type TextNode = Extract<EvidenceNode, { type: 'string' }>;

const node = ref('EvidenceNode');

function typed(...types: EvidenceNode['type'][]): Schema {
  return { type: 'string', enum: types };
}

export const evidenceNode: Schema = {
  oneOf: [
    objectOf<WordNode>({
      type: typed('undefined', 'null', 'function', 'symbol', 'opaque', 'truncated'),
      text,
    }),
    objectOf<Node<'boolean'>>({ type: typed('boolean'), value: flag }),
    objectOf<TextNode>({
      type: typed('number', 'bigint', 'string', 'date', 'url', 'regexp'),
      text,
    }),
    objectOf<Node<'bytes'>>({ type: typed('bytes'), className: text, length: count, base64: text }),
    objectOf<Node<'list'>>({ type: typed('list'), className: text, items: listOf(node) }),
    objectOf<Node<'record'>>({
      type: typed('record'),
      className: text,
      entries: listOf(objectOf<Node<'record'>['entries'][number]>({ key: node, value: node })),
    }),
    objectOf<Node<'reference'>>({ type: typed('reference'), index: count }),
  ],
};
