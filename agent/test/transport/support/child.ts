/** Runs a fixture program in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TransportOptions } from '../../../src/transport/index.ts';
import { replicaOptions } from './replica.ts';
import type { Run } from './run.ts';

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
}

/** A running program. */
export interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  output(): string;
}

const application = join(import.meta.dirname, '../fixtures/application.cjs');

/** Starts the application fixture; `more` goes over the options. */
export function startApplication(
  run: Run,
  deed: string,
  more: Partial<TransportOptions> & { readonly drainMs?: number } = {},
): Child {
  const options = { ...replicaOptions(run.bundles.worker, run.url), ...more };
  const argv = [application, run.bundles.transport, JSON.stringify(options), deed];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  // A test that fails in the middle leaves nothing running.
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    return { code, signal, output, errors };
  });
  return { process: child, ended, output: () => output };
}
