/**
 * Writes that the store has not taken yet, newest state of each object only. What is being written
 * stays in here until the store said so; an object that changes meanwhile is simply still pending.
 */
import type { AlertView, RunView } from '@lockstep/protocol';
import type { JudgedIncident } from '../ports.ts';

/** One write: an object that replaces what has its kind and identifier. */
export type PendingWrite =
  | { readonly kind: 'run'; readonly id: string; readonly item: RunView }
  | { readonly kind: 'incident'; readonly id: string; readonly item: JudgedIncident }
  | { readonly kind: 'alert'; readonly id: string; readonly item: AlertView };

/** Runs first, then incidents, then alerts: nothing in a store refers to what is not there yet. */
const ORDER: readonly PendingWrite['kind'][] = ['run', 'incident', 'alert'];

/** Pending writes by kind and identifier, at most `capacity` of them. */
export class PendingWrites {
  readonly #byKind: Readonly<Record<PendingWrite['kind'], Map<string, PendingWrite>>> = {
    run: new Map(),
    incident: new Map(),
    alert: new Map(),
  };
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return ORDER.reduce((sum, kind) => sum + this.#byKind[kind].size, 0);
  }

  /** Adds or replaces; false when full, which keeps the older writes: they are nearer the cause. */
  put(write: PendingWrite): boolean {
    const writes = this.#byKind[write.kind];
    if (!writes.has(write.id) && this.size >= this.#capacity) return false;
    writes.set(write.id, write);
    return true;
  }

  /** Up to `count` writes of one kind, oldest first; none when nothing is pending. */
  next(count: number): readonly PendingWrite[] {
    const kind = ORDER.find((candidate) => this.#byKind[candidate].size > 0);
    if (kind === undefined) return [];
    return [...this.#byKind[kind].values()].slice(0, count);
  }

  /** Forgets what was written, unless it was replaced by something newer since. */
  settle(written: readonly PendingWrite[]): void {
    for (const write of written) {
      const writes = this.#byKind[write.kind];
      if (writes.get(write.id) === write) writes.delete(write.id);
    }
  }

  /** Everything, in the order in which it is to be written. */
  all(): readonly PendingWrite[] {
    return ORDER.flatMap((kind) => [...this.#byKind[kind].values()]);
  }
}
