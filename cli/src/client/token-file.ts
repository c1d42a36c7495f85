/**
 * The service token: what lets a launcher register runs. A file that only its user may read; `up` writes
 * it, the collector keeps a hash of it.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CliError, detailOf } from '../errors.ts';

/** Reads the token. Throws a `CliError` that names file and remedy. */
export function readToken(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CliError('CLI_TOKEN_UNREADABLE', { file, detail: detailOf(error), cause: error });
  }
  if (text === '') throw new CliError('CLI_TOKEN_UNREADABLE', { file, detail: 'it is empty' });
  return text;
}

/** The token in `file`, or a new one written there for this user only. */
export function ensureToken(file: string): string {
  const token = randomBytes(32).toString('hex');
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // `wx`: of two collectors that start at once, one writes and the other reads.
    writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
    return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      const values = { file, detail: detailOf(error) };
      throw new CliError('CLI_TOKEN_UNREADABLE', { ...values, cause: error });
    }
  }
  const existing = readToken(file);
  chmodSync(file, 0o600);
  return existing;
}
