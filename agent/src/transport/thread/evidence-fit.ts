/** Cuts an evidence tree down to what one answer may carry; what was cut says so. */
import type { EvidenceNode } from '@lockstep/protocol';

/** Successively harder cuts: characters of a text, and items of a list, that stay. */
const CUTS: readonly { readonly chars: number; readonly items: number }[] = [
  { chars: 8192, items: 400 },
  { chars: 1024, items: 100 },
  { chars: 128, items: 16 },
];

/** The tree, or as much of it as fits into `bytes` of JSON. */
export function fitEvidence(node: EvidenceNode, bytes: number): EvidenceNode {
  let size = jsonBytes(node);
  if (size <= bytes) return node;
  for (const cut of CUTS) {
    const smaller = cutNode(node, cut.chars, cut.items);
    size = jsonBytes(smaller);
    if (size <= bytes) return smaller;
  }
  return { type: 'truncated', text: `${size} bytes of evidence, too many for one answer` };
}

function jsonBytes(node: EvidenceNode): number {
  return Buffer.byteLength(JSON.stringify(node));
}

function cutNode(node: EvidenceNode, chars: number, items: number): EvidenceNode {
  switch (node.type) {
    case 'bytes':
      return { ...node, base64: node.base64.slice(0, chars & ~3) };
    case 'list':
      return {
        ...node,
        items: [
          ...node.items.slice(0, items).map((item) => cutNode(item, chars, items)),
          ...rest(node.items.length - items),
        ],
      };
    case 'record':
      return {
        ...node,
        entries: node.entries.slice(0, items).map(({ key, value }) => ({
          key: cutNode(key, chars, items),
          value: cutNode(value, chars, items),
        })),
      };
    case 'boolean':
    case 'reference':
      return node;
    default:
      return node.text.length <= chars
        ? node
        : {
            type: 'truncated',
            text: `${node.text.slice(0, chars)}… (${node.text.length} characters)`,
          };
  }
}

function rest(count: number): EvidenceNode[] {
  return count > 0 ? [{ type: 'truncated', text: `${count} more items` }] : [];
}
