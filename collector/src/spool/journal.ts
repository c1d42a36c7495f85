/**
 * What happened to a run and its replicas, one JSON line each, in order: registration, hellos, ends.
 * A restarted collector reads it before the records, so a line that decides what is compared is written
 * before its effect. The last line may be half-written and is then cut off.
 */
import { closeSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import type {
  ByeFrame,
  HelloFrame,
  RegisterFrame,
  ReplicaExitFrame,
  StoppedFrame,
} from '@lockstep/protocol';
import { appendWhole } from './append-whole.ts';

/** A hello without its token: only its hash is kept, with the registration. */
export type KeptHello = Omit<HelloFrame, 'token'>;
export type KeptRegister = Omit<RegisterFrame, 'token'>;

/** Why a replica was ended by the collector. */
export interface EndedLine {
  readonly type: 'ended';
  readonly code: StoppedFrame['code'];
  readonly detail: string;
}

/** Turns that were judged without a replica; `until` is null while it is away. */
export interface AbsenceLine {
  readonly type: 'absence';
  readonly from: number;
  readonly until: number | null;
}

/** Records that a replica can no longer send. */
export interface LostLine {
  readonly type: 'lost';
  readonly records: number;
  /** Turn from which they are missing. */
  readonly turn: number;
  /** Sequence number of the first lost record. */
  readonly first: number;
}

/** A replica's process or connection is gone for good, and it never said bye. */
export interface GoneLine {
  readonly type: 'gone';
}

export type ReplicaLine =
  | KeptHello
  | StoppedFrame
  | ByeFrame
  | ReplicaExitFrame
  | EndedLine
  | AbsenceLine
  | LostLine
  | GoneLine;

/** A line of the journal. */
export type JournalLine =
  | { readonly at: number; readonly run: KeptRegister }
  | {
      readonly at: number;
      readonly replica: string;
      /** Absent in lines of the main log. */
      readonly log?: string;
      readonly line: ReplicaLine;
    }
  /** The log of a child was opened; these replicas are to lead and to follow it. */
  | { readonly at: number; readonly opened: string; readonly replicas: readonly string[] }
  | { readonly at: number; readonly over: true };

export class Journal {
  readonly lines: readonly JournalLine[];
  private readonly descriptor: number;
  private size: number;

  constructor(path: string) {
    this.descriptor = openSync(path, 'a+', 0o600);
    const text = readFileSync(path, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    this.size = Buffer.byteLength(whole);
    if (whole.length < text.length) ftruncateSync(this.descriptor, this.size);
    this.lines = whole.split('\n').filter(Boolean).map(parseLine);
  }

  /** Throws `SpoolUnwritable`; nothing is appended then. */
  append(line: JournalLine): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    appendWhole(this.descriptor, this.size, bytes);
    this.size += bytes.length;
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** Our own lines, written whole: anything else in this file is a bug or a broken disk. */
function parseLine(text: string): JournalLine {
  return JSON.parse(text) as JournalLine;
}
