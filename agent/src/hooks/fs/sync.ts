/** Synchronous file calls: in-turn values. What a read put into a buffer travels as bytes. */
import fs from 'node:fs';
import { apiId, apiTable } from '@lockstep/protocol';
import { type Door, Missing } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, disguise, patch } from '../../core/patch.ts';
import { hookLoaderDescriptors } from '../modules/loader-descriptors.ts';
import { isLoaderRead, isLoaderRealpath, loaderReadSync } from '../modules/loader-read.ts';
import {
  type DescriptorTable,
  fillBuffers,
  readBytes,
  readTarget,
  readvBytes,
  recordedArguments,
} from './descriptors.ts';

/** Not carried yet: their results are live objects. */
const NOT_CARRIED: ReadonlySet<string> = new Set(['opendirSync', 'globSync']);

/** Replaces every `fs.*Sync` of the API table. */
export function hookSync(context: HookContext, table: DescriptorTable): void {
  const { door, report } = context;
  for (const { id, name } of apiTable) {
    const key = /^fs\.([a-z]\w*Sync)$/i.exec(name)?.[1];
    if (key === undefined || NOT_CARRIED.has(key)) continue;
    patch(report, fs, key, name, (original) => syncCall(door, table, id, key, original));
  }
  patch(report, fs, 'readFileSync', 'fs.readFileSync', (hooked) => codeRead(context, hooked));
  patch(report, fs, 'realpathSync', 'fs.realpathSync', (hooked) => codePath(door, hooked));
  hookLoaderDescriptors(context);
  hookNative(context, table);
}

function syncCall(
  door: Door,
  table: DescriptorTable,
  api: number,
  key: string,
  original: AnyFunction,
): AnyFunction {
  if (key === 'readSync') return readCall(door, table, api, original);
  if (key === 'readvSync') return readvCall(door, table, api, original);
  const base = key.slice(0, -'Sync'.length);
  return function (this: unknown, ...args: unknown[]): unknown {
    if (door.covered > 0) return Reflect.apply(original, this, args);
    const target = table.target(base, args);
    if (base === 'close') table.closed(args[0]);
    const make = (): unknown => Reflect.apply(original, this, args);
    const result = door.value(api, target, recordedArguments(base, args), make, Missing.refuse);
    if (base === 'open') table.opened(result, target);
    return result;
  };
}

/** Reads of the module loaders are code; all others go on as data. */
function codeRead({ door, code }: HookContext, hooked: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const [file] = args;
    const read = (): unknown => Reflect.apply(hooked, this, args);
    if (isLoaderRead(file)) return loaderReadSync(door, code, file, read);
    return code.isLoading(file) ? code.read(file, read) : read();
  };
}

/** The module loader looks its files up by itself in each replica. */
function codePath(door: Door, hooked: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const look = (): unknown => Reflect.apply(hooked, this, args);
    return door.covered === 0 && isLoaderRealpath(args) ? door.cover(look) : look();
  };
}

function readCall(
  door: Door,
  table: DescriptorTable,
  api: number,
  original: AnyFunction,
): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    if (door.covered > 0) return Reflect.apply(original, this, args);
    const { buffer, offset } = readTarget(args);
    const make = (): Uint8Array => {
      const length = Reflect.apply(original, this, args) as number;
      return readBytes(buffer, offset, length) ?? Buffer.alloc(0);
    };
    const recorded = recordedArguments('read', args);
    const bytes = door.value(api, table.target('read', args), recorded, make, Missing.refuse);
    if (!door.leads) buffer?.set(bytes, offset);
    return bytes.length;
  };
}

function readvCall(
  door: Door,
  table: DescriptorTable,
  api: number,
  original: AnyFunction,
): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    if (door.covered > 0) return Reflect.apply(original, this, args);
    const make = (): Uint8Array =>
      readvBytes(args[1], Reflect.apply(original, this, args) as number);
    const recorded = recordedArguments('readv', args);
    const bytes = door.value(api, table.target('readv', args), recorded, make, Missing.refuse);
    if (!door.leads) fillBuffers(args[1], bytes);
    return bytes.length;
  };
}

/** Functions that hang on functions are APIs of their own. */
function hookNative({ door, report }: HookContext, table: DescriptorTable): void {
  const api = apiId('fs.realpathSync.native');
  const { native } = fs.realpathSync;
  report.hook('fs.realpathSync.native');
  fs.realpathSync.native = disguise(function (this: unknown, ...args: unknown[]): unknown {
    const make = (): unknown => Reflect.apply(native, this, args);
    if (door.covered > 0) return make();
    return door.value(api, table.pathOf(args[0]), args.slice(1), make, Missing.refuse);
  }, native as AnyFunction) as typeof native;
}
