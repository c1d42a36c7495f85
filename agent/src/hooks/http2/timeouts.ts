/**
 * `setTimeout` of sessions and streams. As with sockets, Node's own timers count in every replica, and only
 * the leader's may fire: a follower's moment comes from the log.
 */
import { apiId } from '@lockstep/protocol';
import type { CallRef } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';

const TIMEOUT = apiId('http2.timeout');

/** Replaces `setTimeout` and `_onTimeout` of a class. */
export function hookHttp2Timeouts({ door, report }: HookContext, prototype: object): void {
  const refs: WeakMap<object, CallRef> = new WeakMap();
  const fire = patch(
    report,
    prototype,
    '_onTimeout',
    'Http2._onTimeout',
    (original) =>
      function (this: unknown): unknown {
        const ref = refs.get(this as object);
        const run = (): unknown => Reflect.apply(original, this, []);
        if (ref === undefined) return run();
        return door.leads ? door.deliver(ref, 0, undefined, run) : undefined;
      },
  );
  if (fire === null) return;
  patch(report, prototype, 'setTimeout', 'Http2.setTimeout', (original) =>
    timed(door, refs, fire, original),
  );
}

function timed(
  door: HookContext['door'],
  refs: WeakMap<object, CallRef>,
  fire: AnyFunction,
  original: AnyFunction,
): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const owner = this as object;
    const known = refs.get(owner);
    if (args[0] === 0 && known !== undefined) {
      refs.delete(owner);
      door.forget(known);
    } else if (args[0] !== 0 && known === undefined && door.covered === 0) {
      door.identify(TIMEOUT, '');
      const ref = door.ref(TIMEOUT, '');
      refs.set(owner, ref);
      if (!door.leads) door.expect(ref, () => void Reflect.apply(fire, owner, []), true);
    }
    return Reflect.apply(original, this, args);
  };
}
