/**
 * Turns the leader's log, frame by frame, into turns that are ready to run: a delivery with all the
 * in-turn values that followed it. A turn is closed when the next delivery or a flush has arrived;
 * joined deliveries run together, so a group is ready when its last turn is closed.
 */
import {
  ByteSource,
  decodeEntry,
  EntryKind,
  type LogEntry,
  MalformedBytes,
  Reason,
} from '@lockstep/protocol';
import type { Inbox, InboxItem } from '../transport/index.ts';
import { TurnValues } from './turn-values.ts';

type DeliveryEntry = Extract<LogEntry, { kind: typeof EntryKind.delivery }>;
export type ValueEntry = Extract<LogEntry, { kind: typeof EntryKind.value }>;

/** Turns that wait in the application thread; beyond, frames wait in the inbox, then in the collector. */
const MAX_WAITING_TURNS = 10_000;

/** One turn of the leader. `delivery` is null for the entry turn. */
export interface TurnScript {
  readonly turn: number;
  readonly delivery: DeliveryEntry | null;
  readonly values: TurnValues;
  closed: boolean;
}

/** How the log ended, once it did. */
export type LogEnd =
  | { readonly type: 'exit' }
  | { readonly type: 'cut' }
  | { readonly type: 'not-followed'; readonly api: number; readonly detail: string }
  | { readonly type: 'told'; readonly item: Extract<InboxItem, { type: 'end' }> };

/** The log as turns; `absorb` takes in what has arrived. */
export class LogReader {
  /** Turns not yet begun, oldest first. */
  readonly queue: TurnScript[] = [];
  end: LogEnd | null = null;
  onDrill: (file: string) => void = () => {};
  private readonly inbox: Inbox;
  private last: TurnScript = newScript(0, null);

  constructor(inbox: Inbox) {
    this.inbox = inbox;
    this.queue.push(this.last);
  }

  /** Takes in what has arrived, up to the bound: what is left in the inbox slows its sender. */
  absorb(): void {
    while (this.queue.length < MAX_WAITING_TURNS) {
      const item = this.inbox.take();
      if (item === null) return;
      this.accept(item);
    }
  }

  /** Whether the oldest turn and the deliveries joined to it may run. */
  ready(): boolean {
    const { queue } = this;
    if (queue.length === 0) return false;
    for (let i = 0; i < queue.length; i++) {
      const script = queue[i] as TurnScript;
      if (!script.closed) return false;
      if (queue[i + 1]?.delivery?.joined !== true) return true;
    }
    return true;
  }

  private accept(item: InboxItem): void {
    switch (item.type) {
      case 'entries':
        this.decode(item.bytes);
        return;
      case 'closed':
        this.finish({ type: 'cut' });
        return;
      case 'end':
        this.end = { type: 'told', item };
        return;
      case 'drill':
        this.onDrill(item.file);
    }
  }

  /** Authenticated bytes that cannot be read come from another version: the follower must not guess. */
  private decode(bytes: Uint8Array): void {
    try {
      this.entries(bytes);
    } catch (error) {
      if (!(error instanceof MalformedBytes)) throw error;
      const item = { type: 'end', code: Reason.logRefused, detail: error.message } as const;
      this.end = { type: 'told', item };
    }
  }

  private entries(bytes: Uint8Array): void {
    const source = new ByteSource(bytes);
    while (source.left > 0 && this.end?.type !== 'not-followed') {
      const body = new ByteSource(source.raw(source.u32()));
      this.entry(decodeEntry(body, this.last.turn + 1));
    }
  }

  private entry(entry: LogEntry): void {
    switch (entry.kind) {
      case EntryKind.delivery:
        this.last.closed = true;
        this.last = newScript(this.last.turn + 1, entry);
        this.queue.push(this.last);
        return;
      case EntryKind.value:
        this.last.values.push(entry);
        return;
      case EntryKind.flush:
        this.last.closed = true;
        return;
      case EntryKind.end:
        this.last.closed = true;
        this.finish({ type: 'exit' });
        return;
      case EntryKind.notFollowed:
        this.dropLast();
        this.finish({ type: 'not-followed', api: entry.api, detail: entry.detail });
    }
  }

  /** The turn that uses what is not followed must not run here, nor what is joined to it. */
  private dropLast(): void {
    const { queue } = this;
    while (queue.pop()?.delivery?.joined === true) {
      // The delivery that it is joined to goes with it.
    }
  }

  /** The first reason stands: a clean end is followed by the transport's `closed`. */
  private finish(end: LogEnd): void {
    this.end ??= end;
  }
}

function newScript(turn: number, delivery: DeliveryEntry | null): TurnScript {
  return { turn, delivery, values: new TurnValues(), closed: false };
}
