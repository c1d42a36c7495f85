/** The private folder of one run: its socket lives there, and goes with it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError, detailOf } from '../errors.ts';

export interface RunFolder {
  readonly path: string;
  /** Where replicas find the collector. Under the 107 bytes that a socket's path may have. */
  readonly socketPath: string;
  remove(): void;
}

/** Makes the folder, for this user only. */
export function makeRunFolder(): RunFolder {
  const path = makeFolder(join(tmpdir(), 'lockstep-'));
  return {
    path,
    socketPath: join(path, 'agent.sock'),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** `mkdtemp` makes folders with mode 0700. */
function makeFolder(prefix: string): string {
  try {
    return mkdtempSync(prefix);
  } catch (error) {
    const values = { folder: tmpdir(), detail: detailOf(error), option: 'TMPDIR' };
    throw new CliError('CLI_FOLDER_UNUSABLE', { ...values, cause: error });
  }
}
