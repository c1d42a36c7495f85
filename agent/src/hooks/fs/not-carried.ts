/**
 * File functions whose results live on (blobs of files): not followed yet. The
 * leader runs them untouched; followers end at their first use, without an alert.
 */
import fs from 'node:fs';
import { apiId, apiName } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { refusal } from '../../follower/refusal.ts';

const functions: readonly (readonly [owner: object, key: string, api: number])[] = [
  [fs, 'openAsBlob', apiId('fs.openAsBlob')],
];

/** Marks them: the first use is logged. */
export function hookNotCarried({ door, report }: HookContext): void {
  for (const [owner, key, api] of functions) {
    const make = (original: AnyFunction): AnyFunction =>
      function (this: unknown, ...args: unknown[]): unknown {
        if (door.covered > 0) return Reflect.apply(original, this, args);
        door.notFollowed(api, 'what it answers lives on and is not carried yet');
        if (!door.leads) throw refusal(apiName(api), String(args[0]));
        return Reflect.apply(original, this, args);
      };
    if (patch(report, owner, key, apiName(api), make) !== null) report.exclude(apiName(api));
  }
}
