/**
 * What the kernel says of a process: looked at from outside, because a follower's own view of itself is
 * what is under test. Linux only, as the tests that use it are.
 */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';

/** Whether a process is there and is no zombie. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // No such process.
    return false;
  }
}

/** Ids of a process's descendants, however deep, in no order. */
export function descendants(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (const queue = [pid]; queue.length > 0; ) {
    const next = children.get(queue.pop() ?? 0) ?? [];
    found.push(...next);
    queue.push(...next);
  }
  return found;
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; what follows the last one is fixed.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It ended while we looked.
    return null;
  }
}

/** What a process was given at its start: environment and arguments, as the kernel keeps them. */
export function startText(pid: number): string {
  return ['environ', 'cmdline'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'utf8')).join();
}

/** Open descriptors of a process, as what they lead to: a path, `socket:[INODE]`, `pipe:[INODE]`. */
export function descriptors(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      // Closed while we looked.
      return [];
    }
  });
}

/** Descriptors of a process that are sockets, by the kernel table that lists their inode. */
export function socketsOf(pid: number): {
  readonly network: readonly string[];
  readonly unix: readonly string[];
} {
  const inodes = descriptors(pid).flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
  const network = ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6'].flatMap((table) =>
    tableLines(pid, table).filter((line) => inodes.includes(line.trim().split(/\s+/)[9] ?? '')),
  );
  const unix = tableLines(pid, 'unix').filter((line) =>
    inodes.includes(line.trim().split(/\s+/)[6] ?? ''),
  );
  return { network, unix };
}

function tableLines(pid: number, table: string): readonly string[] {
  return readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n').slice(1);
}

/** Bytes of a process's memory that are read at once. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** Which of the texts stand in a process's writable memory; throws where the kernel does not let us look. */
export function foundInMemory(pid: number, texts: readonly Buffer[]): readonly Buffer[] {
  const found = new Set<Buffer>();
  const overlap = Math.max(...texts.map(({ length }) => length));
  const piece = Buffer.alloc(PIECE_BYTES + overlap);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const { start, end } of writableRegions(pid)) {
      for (let at = start; at < end; at += PIECE_BYTES) {
        const length = readUpTo(memory, piece, Math.min(piece.length, end - at), at);
        const bytes = piece.subarray(0, length);
        for (const text of texts) if (bytes.includes(text)) found.add(text);
      }
    }
  } finally {
    closeSync(memory);
  }
  return [...found];
}

function writableRegions(pid: number): { start: number; end: number }[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [, start = '', end = ''] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    return start === ''
      ? []
      : [{ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) }];
  });
}

function readUpTo(file: number, into: Buffer, length: number, at: number): number {
  try {
    return readSync(file, into, 0, length, at);
  } catch {
    // The region went while we looked.
    return 0;
  }
}
