/** Tokens are compared by their SHA-256, in constant time; none is kept in clear. */
import { createHash, timingSafeEqual } from 'node:crypto';

export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Whether a token has this hash (hexadecimal). */
export function hasHash(token: string, hash: string): boolean {
  const expected = Buffer.from(hash, 'hex');
  const actual = createHash('sha256').update(token).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** The tokens by which launchers, and agents that start alone, are known. */
export class ServiceTokens {
  private readonly hashes: readonly string[];

  constructor(tokens: readonly string[]) {
    this.hashes = tokens.map(tokenHash);
  }

  accepts(token: string): boolean {
    return this.hashes.some((hash) => hasHash(token, hash));
  }
}
