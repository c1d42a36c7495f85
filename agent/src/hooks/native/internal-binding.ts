/**
 * Native modules that `process.binding` does not give out. Node's own functions close over the loader that
 * has them, and a debugging session with this very thread, opened and closed within a millisecond or two,
 * shows what a function closes over. Nothing is enabled by it, and nothing is left behind.
 */
import type { AnyFunction } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';

/** Where the session finds the function, and puts what it found. */
const desk = Symbol.for('lockstep.scopes');

interface Answer {
  readonly result?: { readonly objectId?: string };
  readonly internalProperties?: readonly {
    readonly name: string;
    readonly value?: { readonly objectId?: string };
  }[];
}

interface LocalSession {
  connect(): void;
  disconnect(): void;
  post(
    method: string,
    params: Record<string, unknown>,
    done: (error: Error | null, answer: Answer) => void,
  ): void;
}

/** Variables by name. */
type Scope = Readonly<Record<string, unknown>>;

/** What a function closes over, the innermost scope first. Throws where nothing can be seen. */
export function scopesOf(run: AnyFunction): readonly Scope[] {
  let taken: ArrayLike<{ readonly object?: Scope }> = [];
  const take = (found: typeof taken): void => {
    taken = found;
  };
  Object.defineProperty(globalThis, desk, { value: { run, take }, configurable: true });
  try {
    look();
  } finally {
    Reflect.deleteProperty(globalThis, desk);
  }
  return Array.from(taken, (entry) => entry.object ?? {});
}

function look(): void {
  const place = `globalThis[Symbol.for('${String(desk.description)}')]`;
  const { Session } = builtin('inspector') as unknown as { Session: new () => LocalSession };
  const session = new Session();
  session.connect();
  try {
    const found = ask(session, 'Runtime.evaluate', { expression: `${place}.run`, silent: true });
    const { objectId } = found.result ?? {};
    const parts = ask(session, 'Runtime.getProperties', { objectId, ownProperties: true });
    const scopes = parts.internalProperties?.find(({ name }) => name === '[[Scopes]]');
    ask(session, 'Runtime.callFunctionOn', {
      objectId: scopes?.value?.objectId,
      functionDeclaration: `function () { ${place}.take(this); }`,
    });
  } finally {
    session.disconnect();
  }
}

/** A session with the own thread answers before it returns. */
function ask(session: LocalSession, method: string, params: Record<string, unknown>): Answer {
  let answer: Answer | undefined;
  let failure: Error | null = null;
  session.post(method, params, (error, given) => {
    failure = error;
    answer = given;
  });
  if (failure !== null) throw new Error(`${method} failed`, { cause: failure });
  if (answer === undefined) throw new Error(`${method} has no answer`);
  return answer;
}

let known: AnyFunction | null = null;

/** A native module by its name. Throws when there is none, or the loader cannot be seen. */
export function internalBinding(name: string): Record<string, unknown> {
  known ??= findLoader();
  return known(name) as Record<string, unknown>;
}

function findLoader(): AnyFunction {
  const { binding } = process as unknown as { binding: AnyFunction };
  for (const scope of scopesOf(binding)) {
    const loader = scope['internalBinding'];
    if (typeof loader === 'function') return loader as AnyFunction;
  }
  throw new Error('the loader of native modules is not where it was');
}
