/**
 * Generated keys on their way to followers: as the bytes of their standard encodings, and made into live
 * keys again. A key that its maker asked for as text or bytes travels as it is.
 */
import type { KeyObject, webcrypto } from 'node:crypto';
import { define } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';
import type { PromiseCodec } from '../settle.ts';

/** A `KeyObject` in pieces. */
interface KeyParts {
  readonly keyObject: 'secret' | 'public' | 'private';
  readonly bytes: Uint8Array;
}

/** A `CryptoKey` in pieces. */
interface WebKeyParts {
  readonly parts: KeyParts;
  readonly algorithm: webcrypto.KeyAlgorithm;
  readonly extractable: boolean;
  readonly usages: webcrypto.KeyUsage[];
}

/** What no log entry can hold: the leader then says that the call is not followed. */
const uncarried: unknown = Promise.resolve();

/** A value that may be a key, as it travels. */
export function carryKey(value: unknown): unknown {
  return value instanceof builtin('crypto').KeyObject ? orUncarried(() => partsOf(value)) : value;
}

/** A key that cannot be exported is no error of the program's. */
function orUncarried(carry: () => unknown): unknown {
  try {
    return carry();
  } catch {
    return uncarried;
  }
}

/** The inverse of `carryKey`. */
export function restoreKey(carried: unknown): unknown {
  const parts = carried as KeyParts | null | undefined;
  return typeof parts?.keyObject === 'string' ? keyOf(parts) : carried;
}

function partsOf(key: KeyObject): KeyParts {
  switch (key.type) {
    case 'secret':
      return { keyObject: 'secret', bytes: key.export() };
    case 'public':
      return { keyObject: 'public', bytes: key.export({ type: 'spki', format: 'der' }) };
    case 'private':
      return { keyObject: 'private', bytes: key.export({ type: 'pkcs8', format: 'der' }) };
  }
}

function keyOf({ keyObject, bytes }: KeyParts): KeyObject {
  const { createPrivateKey, createPublicKey, createSecretKey } = builtin('crypto');
  const key = Buffer.from(bytes);
  switch (keyObject) {
    case 'secret':
      return createSecretKey(key);
    case 'public':
      return createPublicKey({ key, type: 'spki', format: 'der' });
    case 'private':
      return createPrivateKey({ key, type: 'pkcs8', format: 'der' });
  }
}

/** How `importKey` calls the encodings above. */
const webFormats = { secret: 'raw', public: 'spki', private: 'pkcs8' } as const;

/** `importKey` as it was before it was hooked, bound to `subtle`. */
export type ImportKey = (...args: unknown[]) => Promise<webcrypto.CryptoKey>;

/** What `subtle.generateKey` gives: a key or a pair. */
export function webKeyCodec(importKey: ImportKey): PromiseCodec {
  const restoreOne = ({ parts, algorithm, extractable, usages }: WebKeyParts) =>
    importKey(webFormats[parts.keyObject], parts.bytes, algorithm, extractable, usages);
  return {
    carry: (value) => {
      const { publicKey, privateKey } = value as Partial<webcrypto.CryptoKeyPair>;
      return orUncarried(() =>
        publicKey === undefined || privateKey === undefined
          ? [webParts(value as webcrypto.CryptoKey)]
          : [webParts(publicKey), webParts(privateKey)],
      );
    },
    restore: async (carried) => {
      const keys = await Promise.all((carried as WebKeyParts[]).map(restoreOne));
      return keys.length === 1 ? keys[0] : { publicKey: keys[0], privateKey: keys[1] };
    },
  };
}

function webParts(key: webcrypto.CryptoKey): WebKeyParts {
  const { algorithm, extractable, usages } = key;
  const parts = partsOf(keyObjectOf(key));
  return { parts, algorithm: plainAlgorithm(algorithm), extractable, usages: [...usages] };
}

/** Newer versions of Node warn when the key is not extractable; the program did nothing to be warned of. */
function keyObjectOf(key: webcrypto.CryptoKey): KeyObject {
  const slot = Object.getOwnPropertyDescriptor(process, 'noDeprecation');
  define(process, 'noDeprecation', true);
  try {
    return builtin('crypto').KeyObject.from(key);
  } finally {
    if (slot === undefined) Reflect.deleteProperty(process, 'noDeprecation');
    else Object.defineProperty(process, 'noDeprecation', slot);
  }
}

/** Its nested objects have no prototype of their own to carry. */
function plainAlgorithm(algorithm: webcrypto.KeyAlgorithm): webcrypto.KeyAlgorithm {
  const { hash } = algorithm as { hash?: { name: string } };
  return hash === undefined ? { ...algorithm } : ({ ...algorithm, hash: { ...hash } } as never);
}
