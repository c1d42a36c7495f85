/**
 * Which code comes from where. Files that are older than the run are loaded by each replica, and compared.
 * What the run itself wrote (a compiled configuration that is imported a moment later) may not be there yet
 * for a follower, or not any more: it travels in the log. The leader tells the two apart by a file's
 * change time, which nobody can set back, so that what a child or a thread wrote counts too.
 */
import { apiId, RecordKind } from '@lockstep/protocol';
import type { Door } from '../../core/door.ts';
import { originals } from '../../core/originals.ts';

const LOAD = apiId('module.load');

/** File systems keep times by the kernel's tick: a file may look older than it is by so much. */
const TICK_MS = 20;

/** One module that `require` is loading. */
interface Load {
  readonly file: unknown;
  isRead: boolean;
  /** What was read and not compiled. */
  source: unknown;
}

/** The CommonJS module that is being read, and the sources that the run wrote. One object a thread. */
export class LoadedCode {
  /** Whether the loaders are hooked; else they act by themselves, and what they read is not compared. */
  hooked: boolean = false;
  private readonly door: Door;
  private readonly beganMs: number = performance.timeOrigin - TICK_MS;
  /** Follower: modules whose sources the log brought; as many as Node's own cache of them has. */
  private readonly written: Set<string> = new Set();
  /** The innermost `require` that is loading a file. */
  private load: Load | null = null;

  constructor(door: Door) {
    this.door = door;
  }

  /** Runs `load`, which reads `file` once. Code that is not compiled as CommonJS is recorded at its end. */
  during<T>(file: unknown, isCompared: boolean, load: () => T): T {
    const before = this.load;
    const current: Load = { file, isRead: false, source: undefined };
    this.load = current;
    try {
      return load();
    } finally {
      this.load = before;
      const { source } = current;
      if (source !== undefined && isCompared) {
        this.door.record(LOAD, String(file), [source], RecordKind.code);
      }
    }
  }

  /** Whether the module loader is about to read this file: further reads are the module's own. */
  isLoading(file: unknown): file is string {
    const { load } = this;
    return load !== null && !load.isRead && load.file === file;
  }

  /** Reads what is loading. */
  read(file: string, read: () => unknown): unknown {
    const { load } = this;
    if (load !== null) load.isRead = true;
    const source = this.source(file, file, () => this.door.cover(read));
    if (load !== null) load.source = source;
    return source;
  }

  /** The source of this module is about to be compiled, and recorded as it is then. */
  compiled(file: string): void {
    const { load } = this;
    if (load === null || load.file !== file) return;
    load.isRead = true;
    load.source = undefined;
  }

  /** Leader: whether a file has changed since the run began. */
  isYoung(file: string): boolean {
    try {
      return originals.statSync(file).ctimeMs >= this.beganMs;
    } catch {
      // Gone again already: somebody is at work on it.
      return true;
    }
  }

  /** The source of a module: what `read` gives, or what the leader read if the run wrote it. */
  source(name: string, file: string, read: () => unknown): unknown {
    const { door } = this;
    const ref = door.named(LOAD, name);
    if (!door.leads) {
      const told = door.fact<unknown>(ref, () => null, null);
      if (told !== null) this.written.add(name);
      return told ?? read();
    }
    const source = read();
    return door.cover(() => this.isYoung(file)) ? door.fact(ref, () => source, null) : source;
  }

  /** As `source` for one that is read later: whether the log brings it then. */
  isWritten(name: string, file: string): boolean {
    const { door } = this;
    const ref = door.named(LOAD, name);
    if (!door.leads) {
      const told = door.fact(ref, () => false, false);
      if (told) this.written.add(name);
      return told;
    }
    return door.cover(() => this.isYoung(file)) && door.fact(ref, () => true, false);
  }

  /** Follower: whether the source of this module comes, or came, from the log. */
  isTold(name: string): boolean {
    return this.written.has(name) || this.door.isTold(this.door.named(LOAD, name));
  }
}
