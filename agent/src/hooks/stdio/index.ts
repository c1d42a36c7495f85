/** The standard streams of the process. */
import type { HookContext } from '../../core/hook-context.ts';
import { hookInput } from './input.ts';
import { type StdioState, stdioState } from './kinds.ts';
import { hookOutput } from './output.ts';

/** Replaces `process.stdin`, `process.stdout` and `process.stderr`. */
export function hookStdio(context: HookContext): void {
  const states: StdioState[] = [];
  context.onEntry(() => {
    for (const fd of [0, 1, 2] as const) states.push(stdioState(context.door, fd));
  });
  const stateOf = (fd: number): StdioState => states[fd] ?? { kind: 'other', size: null };
  hookInput(context, () => stateOf(0));
  hookOutput(context, { name: 'stdout', fd: 1 }, () => stateOf(1));
  hookOutput(context, { name: 'stderr', fd: 2 }, () => stateOf(2));
}
