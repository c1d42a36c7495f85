/**
 * Watched files and folders. `fs.watch`, its promise form and `watchFile` run for real in every replica;
 * below them a follower's native object watches nothing, and what the leader's saw comes from the log.
 */
import fs from 'node:fs';
import { apiId, apiName } from '@lockstep/protocol';
import type { Door } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { patch } from '../../core/patch.ts';
import { refusal } from '../../follower/refusal.ts';
import { nativePrototype } from '../native/binding.ts';
import type { NativeCallback } from '../native/native-callbacks.ts';
import type { NativeMethod } from '../native/native-calls.ts';
import type { NativeHandle } from '../net/handle-classes.ts';
import { HandleEvent, type HandleTable } from '../net/handle-table.ts';

const WATCHER = apiId('fs.watcher');
const start: NativeMethod = { api: apiId('fs.watcher.start'), usual: undefined };

const calls = [
  [fs, 'watch', apiId('fs.watch')],
  [fs, 'watchFile', apiId('fs.watchFile')],
  [fs, 'unwatchFile', apiId('fs.unwatchFile')],
  [fs.promises, 'watch', apiId('fs.promises.watch')],
] as const;

const changed: readonly NativeCallback[] = [{ name: 'onchange', event: HandleEvent.firstCallback }];

/** Node keeps file states in one array that the native side fills: it is copied as it is. */
const polled: readonly NativeCallback[] = [
  {
    name: 'onchange',
    event: HandleEvent.firstCallback,
    carry: ([status, states]) => [status, (states as Float64Array).slice()],
  },
];

/** Hooks watchers; without hooked handles their first use ends following. */
export function hookWatchers(context: HookContext, handles: HandleTable | null): void {
  const { door, report } = context;
  const isHooked =
    handles !== null &&
    hookClass(context, handles, ['fs_event_wrap', 'FSEvent'], changed) &&
    hookClass(context, handles, ['fs', 'StatWatcher'], polled);
  for (const [owner, key, api] of calls) {
    patch(
      report,
      owner,
      key,
      apiName(api),
      (original) =>
        function (this: unknown, ...args: unknown[]): unknown {
          if (door.covered === 0) begin(door, api, args, isHooked);
          return Reflect.apply(original, this, args);
        },
    );
    if (!isHooked) report.exclude(apiName(api));
  }
}

function begin(door: Door, api: number, args: readonly unknown[], isHooked: boolean): void {
  const data = args.slice(1).filter((arg) => typeof arg !== 'function');
  if (isHooked) door.record(api, String(args[0]), data);
  else if (door.leads) door.notFollowed(api, 'watchers are not followed on this Node');
  else throw refusal(apiName(api), String(args[0]));
}

function hookClass(
  { door, report }: HookContext,
  handles: HandleTable,
  [module, name]: readonly [string, string],
  callbacks: readonly NativeCallback[],
): boolean {
  let prototype: object;
  try {
    prototype = nativePrototype(module, name);
  } catch (error) {
    report.miss(name, error instanceof Error ? error.message : String(error));
    return false;
  }
  const hooked = patch(
    report,
    prototype,
    'start',
    `${name}.start`,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const run = (): unknown => Reflect.apply(original, this, args);
        if (door.covered > 0) return run();
        handles.name(this as NativeHandle, WATCHER, String(args[0]));
        const code = handles.natives.call(start, run);
        // Node's own code asks a watcher of events whether it was started.
        if (!door.leads && code === 0) {
          Object.defineProperty(this, 'initialized', { value: true, configurable: true });
        }
        return code;
      },
  );
  handles.addCallbacks(prototype, callbacks);
  return hooked !== null;
}
