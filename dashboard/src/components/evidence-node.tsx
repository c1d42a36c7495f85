/** A decoded canonical value as a tree; bytes as text where they are text, and always as hex. */
import type { EvidenceNode } from '@lockstep/protocol';
import type { ReactNode } from 'react';
import { EVIDENCE_DEPTH } from '../limits.ts';
import { bytesFromBase64, decodeBytes } from '../model/evidence-bytes.ts';
import { keyText, scalarText } from '../model/evidence-text.ts';
import { formatBytes, formatCount, formatPlural } from '../model/format.ts';
import { ScrollBox } from './scroll-box.tsx';

/** Children of one value that a tree shows; the rest is counted. */
const TREE_CHILDREN = 200;

/** One value and all below it. */
export function EvidenceTree({
  node,
  depth = 0,
}: {
  node: EvidenceNode;
  depth?: number;
}): ReactNode {
  if (depth > EVIDENCE_DEPTH) return <span className="muted">deeper values not shown</span>;
  switch (node.type) {
    case 'list':
      return (
        <Branch
          title={`${node.className} (${formatCount(node.items.length)})`}
          entries={node.items.map((value, index) => ({ name: String(index), value }))}
          depth={depth}
        />
      );
    case 'record':
      return (
        <Branch
          title={node.className}
          entries={node.entries.map(({ key, value }) => ({ name: keyText(key), value }))}
          depth={depth}
        />
      );
    case 'bytes':
      return <Bytes node={node} />;
    default:
      return <code className={`value is-${node.type}`}>{scalarText(node)}</code>;
  }
}

function Branch(props: {
  title: string;
  entries: readonly { readonly name: string; readonly value: EvidenceNode }[];
  depth: number;
}): ReactNode {
  const hidden = props.entries.length - TREE_CHILDREN;
  return (
    <div className="branch">
      <span className="muted">{props.title}</span>
      <ul>
        {props.entries.slice(0, TREE_CHILDREN).map(({ name, value }) => (
          <li key={name}>
            <code className="key">{name}</code>
            <EvidenceTree node={value} depth={props.depth + 1} />
          </li>
        ))}
        {hidden > 0 && <li className="muted">and {formatPlural(hidden, 'more value')}</li>}
      </ul>
    </div>
  );
}

function Bytes({ node }: { node: Extract<EvidenceNode, { type: 'bytes' }> }): ReactNode {
  const bytes = bytesFromBase64(node.base64);
  if (bytes === null) return <span className="muted">{node.className}: not decodable</span>;
  const decoded = decodeBytes(bytes, node.length);
  const hex = decoded.rows.map((row) => `${row.offset}  ${row.hex}  ${row.text}`).join('\n');
  return (
    <div className="bytes">
      <span className="muted">
        {node.className}, {formatBytes(node.length)}
        {decoded.text === null && ', not text'}
        {decoded.omitted > 0 && `, ${formatBytes(decoded.omitted)} of it not shown`}
      </span>
      {decoded.text !== null && decoded.text !== '' && (
        <ScrollBox className="code-box" label="Text">
          <pre>
            <code>{decoded.text}</code>
          </pre>
        </ScrollBox>
      )}
      <details open={decoded.text === null}>
        <summary>Hex</summary>
        <ScrollBox className="code-box" label="Hex dump">
          <pre className="hex">
            <code>{hex}</code>
          </pre>
        </ScrollBox>
      </details>
    </div>
  );
}
