/**
 * A transport over plain files for trying hooks without a collector: the log and the records of each
 * replica lie in one folder. Test double: no encryption, no bounds.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { apiName, ByteSource } from '@lockstep/protocol';
import type { Inbox, InboxItem, Outbox } from '../../src/transport/index.ts';

// As it was before the hooks are installed.
const { wait } = Atomics;

const { fstatSync, openSync, writeSync, readSync } = fs;
const { setInterval: every } = globalThis;

export class FileOutbox implements Outbox {
  readonly dropped = 0;
  private readonly records: number;
  private readonly log: number | null;

  constructor(folder: string, replica: string, leads: boolean) {
    this.records = openSync(path.join(folder, `records.${replica}.jsonl`), 'w');
    this.log = leads ? openSync(path.join(folder, 'log.bin'), 'w') : null;
  }

  call(
    kind: number,
    _flags: number,
    api: number,
    turn: number,
    parentTurn: number,
    ordinal: number,
    targetLo: number,
    targetHi: number,
    target: string,
    memory: Uint8Array,
    canonicalBytes: number = memory.length,
  ): void {
    const canonical = memory.subarray(0, canonicalBytes);
    const digest = createHash('sha1').update(canonical).digest('hex').slice(0, 12);
    const bytes = Buffer.from(canonical.subarray(0, 4000)).toString('base64');
    const line = {
      kind,
      api: apiName(api),
      turn,
      parentTurn,
      ordinal,
      targetLo,
      targetHi,
      target,
      digest,
      bytes,
    };
    writeSync(this.records, `${JSON.stringify(line)}\n`);
  }
  stack(): void {}
  child(): void {}
  childExit(): void {}
  logEntry(entry: Uint8Array, entryBytes: number = entry.length): boolean {
    if (this.log !== null) writeSync(this.log, entry, 0, entryBytes);
    return true;
  }
  flush(finishedTurns: number): void {
    writeSync(this.records, `${JSON.stringify({ finishedTurns })}\n`);
  }
  publish(): void {}
  stopped(code: string, api: string | null, detail: string): void {
    writeSync(this.records, `${JSON.stringify({ stopped: code, api, detail })}\n`);
  }
  counters(counters: Record<string, number>): void {
    writeSync(this.records, `${JSON.stringify({ counters })}\n`);
  }
  end(exitCode: number, complete: boolean): void {
    writeSync(this.records, `${JSON.stringify({ exitCode, complete })}\n`);
  }
}

export class FileInbox implements Inbox {
  private readonly file: string;
  private fd = -1;
  private offset = 0;
  private rest: Buffer = Buffer.alloc(0);
  private timer: NodeJS.Timeout | null = null;
  private readonly slot: Int32Array = new Int32Array(new SharedArrayBuffer(4));

  constructor(folder: string) {
    this.file = path.join(folder, 'log.bin');
  }

  take(): InboxItem | null {
    this.fill();
    const source = new ByteSource(this.rest);
    let end = 0;
    let count = 0;
    while (source.left >= 4) {
      const length = source.u32();
      if (length > source.left) break;
      source.raw(length);
      end = source.at;
      count++;
    }
    if (count === 0) return null;
    const bytes = Buffer.from(this.rest.subarray(0, end));
    this.rest = this.rest.subarray(end);
    return { type: 'entries', bytes, count, turnBase: 0 };
  }

  wait(ms: number): void {
    wait(this.slot, 0, 0, Math.min(ms, 3));
  }

  onArrival(callback: () => void): void {
    this.timer = every(callback, 2);
  }
  ref(): void {
    this.timer?.ref();
  }
  unref(): void {
    this.timer?.unref();
  }

  private fill(): void {
    if (this.fd < 0) {
      try {
        this.fd = openSync(this.file, 'r');
      } catch {
        return; // the leader has not begun its log yet; the next look will find it
      }
    }
    const wanted = fstatSync(this.fd).size - this.offset;
    if (wanted <= 0) return;
    const chunk = Buffer.allocUnsafe(wanted);
    const length = readSync(this.fd, chunk, 0, wanted, this.offset);
    this.offset += length;
    const read = chunk.subarray(0, length);
    this.rest = this.rest.length === 0 ? read : Buffer.concat([this.rest, read]);
  }
}
