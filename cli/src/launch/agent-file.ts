/** Where the agent's preload is, found as Node finds any package. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { CliError, detailOf } from '../errors.ts';

/** Absolute path of the preload; `override` names another build of it. */
export function findAgentFile(override: string | null): string {
  const file = override ?? resolveAgent();
  if (!existsSync(file)) throw new CliError('CLI_AGENT_NOT_BUILT', { file });
  return file;
}

function resolveAgent(): string {
  try {
    return createRequire(import.meta.url).resolve('@lockstep/agent/register');
  } catch (error) {
    const values = { file: '@lockstep/agent/register', detail: detailOf(error) };
    throw new CliError('CLI_AGENT_NOT_BUILT', { ...values, cause: error });
  }
}
