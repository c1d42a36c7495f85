/**
 * What a digest is computed over (SPEC, section DG): the API's name and a zero byte stand before the
 * canonical bytes, so that equal arguments of two APIs have unequal digests. Hashing itself is the
 * agent's: this package has no hash function.
 */
import { apiName } from './apis.ts';

const encoder = new TextEncoder();
const prefixes = new Map<number, Uint8Array>();

/** Bytes that stand before the canonical bytes of a call of this API: its name in UTF-8, then 0x00. */
export function digestPrefix(api: number): Uint8Array {
  let prefix = prefixes.get(api);
  if (prefix === undefined) {
    prefix = encoder.encode(`${apiName(api)}\0`);
    prefixes.set(api, prefix);
  }
  return prefix;
}
