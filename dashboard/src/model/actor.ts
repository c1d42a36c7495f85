/** Who acts on an incident, as the history will say: a name that the reader gives once. */

/** Key in the browser's local storage. */
export const ACTOR_KEY = 'lockstep.actor';

/** The history's word for somebody who gave no name: whoever sits at this machine. */
export const UNNAMED_ACTOR = 'local';

/** Longest name that is sent; it travels in a header. */
const ACTOR_CHARS = 100;

/** The header's value: fields carry ASCII only, so anything else (and `%` itself) is encoded. */
export function actorHeader(name: string): string {
  const trimmed = name.trim().slice(0, ACTOR_CHARS);
  if (trimmed === '') return UNNAMED_ACTOR;
  return /^[\x20-\x24\x26-\x7e]+$/.test(trimmed) ? trimmed : encodeURIComponent(trimmed);
}
