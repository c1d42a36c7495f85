/**
 * WebAssembly compiles beside the program: every replica does it itself, only the turn of the end is
 * agreed. Node compiles with it too (`fetch` its parser, the loader its lexer).
 */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../core/hook-context.ts';
import { patch } from '../core/patch.ts';
import { settleInTurn } from './settle.ts';

/** Lib types know it in browsers only. */
const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: Record<string, unknown> };

/** Replaces what compiles asynchronously. */
export function hookWebAssembly({ door, report }: HookContext): void {
  for (const key of ['compile', 'instantiate', 'compileStreaming', 'instantiateStreaming']) {
    const label = `WebAssembly.${key}`;
    const api = apiId(label);
    patch(
      report,
      wasm,
      key,
      label,
      (original) =>
        function (this: unknown, ...args: unknown[]): unknown {
          const run = (): Promise<unknown> =>
            Reflect.apply(original, this, args) as Promise<unknown>;
          if (door.covered > 0) return run();
          const [source] = args;
          const isBytes = ArrayBuffer.isView(source) || source instanceof ArrayBuffer;
          const ref = door.begin(api, '', isBytes ? [source] : []);
          return settleInTurn(door, ref, run);
        },
    );
  }
}
