/**
 * Everything kept on disk of one run, in a folder of its own: the journal, and for each log the leader's
 * frames and the replicas' records. It counts their bytes and says when the run is over its limit; what
 * that means is for the run to decide.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FramedFile } from './framed-file.ts';
import { Journal, type JournalLine } from './journal.ts';
import { LogFiles } from './log-files.ts';

export interface RunSpoolLimits {
  readonly spoolBytes: number;
  readonly tailBytes: number;
}

export class RunSpool {
  readonly journal: Journal;
  private readonly directory: string;
  private readonly logs: LogFiles[] = [];
  private readonly limits: RunSpoolLimits;

  constructor(directory: string, limits: RunSpoolLimits) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.directory = directory;
    this.limits = limits;
    this.journal = new Journal(join(directory, 'journal.jsonl'));
  }

  /** The lines that were there when the spool was opened. */
  get history(): readonly JournalLine[] {
    return this.journal.lines;
  }

  /** Opens the files of a log; once for each. `name` is null for the main one. */
  open(name: string | null): LogFiles {
    const files = new LogFiles(this.directory, name, this.limits.tailBytes);
    this.logs.push(files);
    return files;
  }

  get bytes(): number {
    return this.logs.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Whether a frame still fits under the run's limit. */
  hasRoomFor(frame: Uint8Array): boolean {
    return this.bytes + FramedFile.cost(frame) <= this.limits.spoolBytes;
  }

  close(): void {
    this.journal.close();
  }

  /** Deletes everything; it was closed before. */
  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
