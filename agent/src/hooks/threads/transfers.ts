/** What a `postMessage` hands over beside its data. */
import { builtin } from '../builtin.ts';

/** The list in the second argument of `postMessage`, in both of its forms. */
export function transferList(given: unknown): unknown {
  return Array.isArray(given) ? given : (given as { transfer?: unknown } | undefined)?.transfer;
}

/** Whether a web stream is handed over: it goes on through ports of Node's own. */
export function isTransferredStream(list: unknown): boolean {
  return Array.isArray(list) && list.some(isStream);
}

function isStream(value: unknown): boolean {
  return (
    value instanceof ReadableStream ||
    value instanceof WritableStream ||
    value instanceof TransformStream
  );
}

/** Ports in `data`, in an order that copying keeps, then those of `list` that stand in no data. */
export function portsIn(data: unknown, list: readonly unknown[]): readonly object[] {
  const { MessagePort } = builtin('worker_threads');
  const found = new Set<object>();
  const seen = new Set<unknown>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (value instanceof MessagePort) found.add(value);
    else for (const part of partsOf(value)) visit(part);
  };
  visit(data);
  for (const value of list) visit(value instanceof MessagePort ? value : null);
  return [...found];
}

/** What stands in a value as copying it sees it; nothing in one that copying takes whole. */
export function partsOf(value: object): Iterable<unknown> {
  if (ArrayBuffer.isView(value)) return [];
  if (value instanceof Map) return [...value].flat();
  return value instanceof Set ? value : Object.values(value);
}
