/**
 * The files of one log of a run: the log itself as the leader's agent sent it, and each replica's records
 * of it. Names from outside never become names of files: they are hashed.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { LogSpool } from './log-spool.ts';
import { RecordSpool } from './record-spool.ts';

/** The main log's files are named by a number; those of others, which came later, by a hash. */
const MAIN_SUFFIX = '0';

export class LogFiles {
  readonly log: LogSpool;
  private readonly directory: string;
  private readonly suffix: string;
  private readonly records: Map<string, RecordSpool> = new Map();

  /** `name`: the log's, null for the main one. */
  constructor(directory: string, name: string | null, tailBytes: number) {
    this.directory = directory;
    this.suffix = name === null ? MAIN_SUFFIX : hashOf(name);
    this.log = new LogSpool(join(directory, `log.${this.suffix}.bin`), tailBytes);
  }

  /** A replica's records. */
  replica(id: string): RecordSpool {
    const known = this.records.get(id);
    if (known !== undefined) return known;
    const spool = new RecordSpool(join(this.directory, `records.${hashOf(id)}.${this.suffix}.bin`));
    this.records.set(id, spool);
    return spool;
  }

  get bytes(): number {
    let sum = this.log.bytes;
    for (const spool of this.records.values()) sum += spool.bytes;
    return sum;
  }

  close(): void {
    this.log.close();
    for (const spool of this.records.values()) spool.close();
  }
}

function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}
