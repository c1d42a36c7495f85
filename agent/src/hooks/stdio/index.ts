/** The standard streams of the process. */
import type { HookContext } from '../../core/hook-context.ts';
import { hookInput } from './input.ts';
import { stdioState } from './kinds.ts';
import { hookOutput } from './output.ts';

/** Replaces `process.stdin`, `process.stdout` and `process.stderr`. */
export function hookStdio(context: HookContext): void {
  const { door } = context;
  hookInput(context, stdioState(door, 0));
  hookOutput(context, { name: 'stdout', fd: 1 }, stdioState(door, 1));
  hookOutput(context, { name: 'stderr', fd: 2 }, stdioState(door, 2));
}
