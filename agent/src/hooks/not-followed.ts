/**
 * Ways in that are not followed yet. The leader's pass untouched; their first use is logged, and followers
 * stop before the turn that made it. A follower that gets here by itself is refused: the original could
 * reach outside, or bring something in that nobody agreed on.
 */
import { apiId } from '@lockstep/protocol';
import type { Door } from '../core/door.ts';
import type { HookContext } from '../core/hook-context.ts';
import { disguise, patch } from '../core/patch.ts';
import { refusal } from '../follower/refusal.ts';
import { builtin } from './builtin.ts';
import { internalBinding } from './native/internal-binding.ts';

/** One function that ends following. */
interface Entry {
  readonly owner: object | null;
  readonly key: string;
  readonly api: string;
  /** Completes "... not followed yet"; may name what the call was given. */
  readonly what: (args: readonly unknown[]) => string;
}

/** Guards all of them. */
export function hookNotFollowed(context: HookContext): void {
  const entries = context.door.cover(() => functions());
  for (const entry of entries) guardFunction(context, entry);
  guardStorage(context);
}

function functions(): readonly Entry[] {
  const inspector = builtin('inspector') as { Session?: { prototype: object }; open?: unknown };
  const entries: Entry[] = [
    {
      owner: inspector,
      key: 'open',
      api: 'inspector.open',
      what: () => 'debugging sessions are',
    },
  ];
  if (inspector.Session !== undefined) {
    for (const key of ['connect', 'connectToMainThread']) {
      const owner = inspector.Session.prototype;
      entries.push({ owner, key, api: 'inspector.Session', what: () => 'debugging sessions are' });
    }
  }
  return [...entries, ...beneath(), ...looksAtItself()];
}

/** What the native module or the class of something that Node loads later is; null where there is none. */
function found(find: () => unknown): object | null {
  try {
    const owner = find();
    const isObject = typeof owner === 'object' || typeof owner === 'function';
    return isObject ? owner : null;
  } catch {
    return null; // This Node does not have it.
  }
}

/** Ways past JavaScript, closed where Node's own code takes them. */
function beneath(): readonly Entry[] {
  const { BoundSocket } = builtin('net') as { BoundSocket?: unknown };
  const wasi = 'WebAssembly system interfaces are';
  const ffi = 'foreign functions are';
  const zip = 'archives are';
  return [
    {
      owner: found(() => internalBinding('wasi')),
      key: 'WASI',
      api: 'wasi.WASI',
      what: () => wasi,
    },
    {
      owner: found(() => internalBinding('ffi')),
      key: 'DynamicLibrary',
      api: 'ffi.DynamicLibrary',
      what: () => ffi,
    },
    ...['zipFiles', 'createZipArchive'].map(
      (key): Entry => ({ owner: builtin('zlib'), key, api: 'zlib.zip', what: () => zip }),
    ),
    ...(BoundSocket === undefined
      ? []
      : [
          {
            owner: builtin('net'),
            key: 'BoundSocket',
            api: 'net.BoundSocket',
            what: () => 'sockets bound before they are used are',
          },
        ]),
  ];
}

/** What a program learns of its own heap and time differs from process to process. */
function looksAtItself(): readonly Entry[] {
  const owner = builtin('v8');
  const keys = ['getHeapSnapshot', 'queryObjects', 'startCpuProfile', 'startHeapProfile'];
  return keys.map((key) => ({ owner, key, api: 'v8.profiles', what: () => 'profiles are' }));
}

function guardFunction({ door, report }: HookContext, entry: Entry): void {
  const { owner, key, api } = entry;
  if (owner === null) return;
  const done = patch(report, owner, key, api, (original) => {
    const guarded = function (this: unknown, ...args: unknown[]): unknown {
      stopFollowing(door, entry, args);
      if (new.target === undefined) return Reflect.apply(original, this, args);
      const made = new.target === guarded ? original : new.target;
      return Reflect.construct(original, args, made);
    };
    return guarded;
  });
  if (done !== null) report.exclude(api);
}

const STORAGE = 'localStorage';
const STORAGE_FLAG = '--localstorage-file';

/** A file that the browser's interface writes; without the flag there is none. */
function guardStorage({ door, report }: HookContext): void {
  const { get, ...slot } = Object.getOwnPropertyDescriptor(globalThis, STORAGE) ?? {};
  const options = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  if (get === undefined || !options.includes(STORAGE_FLAG)) return;
  const entry = { api: STORAGE, what: () => 'web storage is' };
  const guarded = function (this: unknown): unknown {
    stopFollowing(door, entry, []);
    return Reflect.apply(get, this, []) as unknown;
  };
  Object.defineProperty(globalThis, STORAGE, { ...slot, get: disguise(guarded, get) });
  report.exclude(STORAGE);
}

function stopFollowing(
  door: Door,
  entry: Pick<Entry, 'api' | 'what'>,
  args: readonly unknown[],
): void {
  const { api, what } = entry;
  if (door.covered > 0) return;
  const id = apiId(api);
  if (!door.leads) throw refusal(api, '');
  door.notFollowed(id, `${what(args)} not followed yet`);
}
