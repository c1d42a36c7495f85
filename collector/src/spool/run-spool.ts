/**
 * Everything kept on disk of one run, in a folder of its own: the journal, the leader's log, each
 * replica's records. It counts their bytes and says when the run is over its limit; what that means
 * is for the run to decide.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FramedFile } from './framed-file.ts';
import { Journal, type JournalLine } from './journal.ts';
import { LogSpool } from './log-spool.ts';
import { RecordSpool } from './record-spool.ts';

/** The log `main`; threads and children will have others, each with files of its own. */
const MAIN_STREAM = 0;

export interface RunSpoolLimits {
  readonly spoolBytes: number;
  readonly tailBytes: number;
}

export class RunSpool {
  readonly journal: Journal;
  readonly log: LogSpool;
  private readonly directory: string;
  private readonly records: Map<string, RecordSpool> = new Map();
  private readonly limits: RunSpoolLimits;

  constructor(directory: string, limits: RunSpoolLimits) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.directory = directory;
    this.limits = limits;
    this.journal = new Journal(join(directory, 'journal.jsonl'));
    this.log = new LogSpool(join(directory, `log.${MAIN_STREAM}.bin`), limits.tailBytes);
  }

  /** The lines that were there when the spool was opened. */
  get history(): readonly JournalLine[] {
    return this.journal.lines;
  }

  /** A replica's records; the file is named by a hash, never by a name from outside. */
  replica(id: string): RecordSpool {
    const known = this.records.get(id);
    if (known !== undefined) return known;
    const name = createHash('sha256').update(id).digest('hex').slice(0, 32);
    const spool = new RecordSpool(join(this.directory, `records.${name}.${MAIN_STREAM}.bin`));
    this.records.set(id, spool);
    return spool;
  }

  get bytes(): number {
    let sum = this.log.bytes;
    for (const spool of this.records.values()) sum += spool.bytes;
    return sum;
  }

  /** Whether a frame still fits under the run's limit. */
  hasRoomFor(frame: Uint8Array): boolean {
    return this.bytes + FramedFile.cost(frame) <= this.limits.spoolBytes;
  }

  close(): void {
    this.journal.close();
    this.log.close();
    for (const spool of this.records.values()) spool.close();
  }

  /** Deletes everything; it was closed before. */
  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
