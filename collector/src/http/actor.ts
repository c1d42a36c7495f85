/** Who acts, as the audit trail will say: a header until people have accounts. */
import { HttpProblem } from './errors.ts';
import { MAX_PERSON_CHARS } from './limits.ts';

/** The actor of a request that names nobody: whoever sits at this machine. */
export const LOCAL_ACTOR = 'local';

/** Reads the header `x-lockstep-actor`, percent-encoded where it is not ASCII. */
export function readActor(header: string | readonly string[] | undefined): string {
  if (header === undefined) return LOCAL_ACTOR;
  const actor = decoded(String(header)).trim();
  if (actor === '') throw invalid('it is empty');
  if (actor.length > MAX_PERSON_CHARS) throw invalid(`it has ${actor.length} characters`);
  if (/\p{C}/u.test(actor)) throw invalid('it has characters that cannot be printed');
  return actor;
}

function decoded(header: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    return header; // a name with a percent sign of its own
  }
}

function invalid(problem: string): HttpProblem {
  return new HttpProblem('HTTP_ACTOR_INVALID', { problem });
}
