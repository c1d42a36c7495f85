/** Names of logs (SPEC, CT9): `main`, or the parent's name and the call that started the child. */
import { hex64 } from '../call-id.ts';

/** Name of the log of a replica's first process. */
export const MAIN_LOG = 'main';

const LOG_NAME = /^main(\.[0-9a-f]{16})*$/;

/** Characters that a child's name has more than its parent's. */
const CALL_CHARS = 17;

/** Whether text is the name of a log. */
export function isLogName(text: string): boolean {
  return LOG_NAME.test(text);
}

/** The log of the child that a call in the parent's log started. */
export function childLogName(parent: string, callLo: number, callHi: number): string {
  return `${parent}.${hex64(callLo, callHi)}`;
}

/** The log of whoever started the child; empty for `main`. */
export function parentLogName(name: string): string {
  return name.slice(0, -CALL_CHARS);
}
