/** Diffie-Hellman, with and without curves: the private key is drawn by the leader and carried. */
import type { DiffieHellman, ECDH } from 'node:crypto';
import { apiId } from '@lockstep/protocol';
import { Missing } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { patch } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';

const CREATE = apiId('crypto.createDiffieHellman');

/** What is drawn: the keys of one side. */
interface Drawn {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

type Exchange = ECDH | DiffieHellman;

/** Replaces `generateKeys` of both classes and groups, and `createDiffieHellman` with a size. */
export function hookExchanges(context: HookContext): void {
  const { DiffieHellman, DiffieHellmanGroup, ECDH } = builtin('crypto');
  hookKeys(context, ECDH.prototype, 'crypto.ecdh.generateKeys');
  for (const owner of [DiffieHellman, DiffieHellmanGroup]) {
    const { prototype } = owner as unknown as { prototype: object };
    hookKeys(context, prototype, 'crypto.dh.generateKeys');
  }
  hookCreate(context);
}

function hookKeys({ door, report }: HookContext, prototype: object, label: string): void {
  const api = apiId(label);
  patch(
    report,
    prototype,
    'generateKeys',
    label,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const exchange = this as Exchange;
        if (door.covered > 0) return Reflect.apply(original, this, args) as unknown;
        const made: { answer: unknown } = { answer: null };
        const draw = (): Drawn => {
          made.answer = Reflect.apply(original, this, args);
          return { privateKey: exchange.getPrivateKey(), publicKey: exchange.getPublicKey() };
        };
        const drawn = door.value(api, '', [], draw, Missing.local);
        if (door.leads || made.answer !== null) return made.answer;
        setKeys(exchange, drawn);
        return Reflect.apply(exchange.getPublicKey, exchange, args);
      },
  );
}

/** Groups have no setters of their own, but the same handle below them. */
function setKeys(exchange: Exchange, { privateKey, publicKey }: Drawn): void {
  const { DiffieHellman, ECDH } = builtin('crypto');
  if (exchange instanceof ECDH) {
    exchange.setPrivateKey(Buffer.from(privateKey));
  } else {
    const { setPrivateKey, setPublicKey } = DiffieHellman.prototype;
    Reflect.apply(setPrivateKey, exchange, [Buffer.from(privateKey)]);
    Reflect.apply(setPublicKey, exchange, [Buffer.from(publicKey)]);
  }
}

function hookCreate({ door, report }: HookContext): void {
  patch(
    report,
    builtin('crypto'),
    'createDiffieHellman',
    'crypto.createDiffieHellman',
    (original) =>
      (...args: unknown[]) => {
        if (door.covered > 0 || typeof args[0] !== 'number') return original(...args) as unknown;
        const made: { exchange: DiffieHellman | null } = { exchange: null };
        const draw = (): Uint8Array[] => {
          made.exchange = original(...args) as DiffieHellman;
          return [made.exchange.getPrime(), made.exchange.getGenerator()];
        };
        const [prime, generator] = door.value(CREATE, '', args, draw, Missing.local);
        return made.exchange ?? (original(prime, generator) as unknown);
      },
  );
}
