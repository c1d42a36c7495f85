/**
 * What loader hooks answered, as it travels. A source that is what stands in a file older than the run does
 * not: each replica reads its own there, and the bytes are compared, as those of any module are.
 */
import { fileURLToPath } from 'node:url';
import { apiId, RecordKind } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { originals } from '../../core/originals.ts';
import type { ResultCodec } from '../fs/promise-call.ts';
import { Message } from './message-codec.ts';

const LOAD = apiId('module.load');

/** What a `load` hook answers; only this part of it is looked at. */
interface Loaded {
  readonly source?: unknown;
  readonly responseURL?: unknown;
}

/** An answer in the log. `isOwn`: its source is taken from the replica's own file. */
type Told = readonly [isOwn: boolean, answer: Message];

/** Writes and reads the answer to `load` of this URL, or (`url` null) to another request. */
export class LoaderAnswer implements ResultCodec {
  private readonly context: HookContext;
  private readonly url: string | null;

  constructor(context: HookContext, url: string | null) {
    this.context = context;
    this.url = url;
  }

  carry(answer: unknown): Told {
    const { source } = loadedOf(answer);
    const isOwn = this.isOwn(source);
    const sent = isOwn ? { ...(answer as object), source: null } : answer;
    return [isOwn, new Message(sent)];
  }

  restore(told: unknown): unknown {
    const [isOwn, { data }] = told as Told;
    if (!isOwn) return data;
    return { ...(data as object), source: new Uint8Array(this.readFile()) };
  }

  /** The program's loader gets this: the code is compared, in both roles. */
  arrived(answer: unknown): void {
    const { source } = loadedOf(answer);
    if (this.url === null || source === undefined || source === null) return;
    this.context.door.record(LOAD, this.url, [source], RecordKind.code);
  }

  private isOwn(source: unknown): boolean {
    const { url } = this;
    if (url === null || !url.startsWith('file:') || !(source instanceof Uint8Array)) return false;
    try {
      const isYoung = this.context.door.cover(() => this.context.code.isYoung(fileURLToPath(url)));
      return !isYoung && Buffer.compare(this.readFile(), source) === 0;
    } catch {
      return false; // No such file: the source is the hook's alone.
    }
  }

  private readFile(): Buffer {
    const file = fileURLToPath(this.url ?? '');
    return this.context.door.cover(() => originals.readFileSync(file));
  }
}

function loadedOf(answer: unknown): Loaded {
  return typeof answer === 'object' && answer !== null ? answer : {};
}
