/**
 * The flag that loads the agent is not the program's: `process.execArgv` is what the program was started
 * with, and `fork` hands it on to children, which would load an agent without secrets.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PRELOADS: ReadonlySet<string> = new Set(['-r', '--require', '--import']);

/** The package's own name for it, as people write it. */
const REGISTER_NAME = '@lockstep/agent/register';

/** Takes the flags out that load `agentFile`. */
export function hideAgentFlags(execArgv: string[], agentFile: string): void {
  for (let i = execArgv.length - 1; i >= 0; i--) {
    const flag = execArgv[i] ?? '';
    const equals = flag.indexOf('=');
    if (PRELOADS.has(flag) && isAgent(execArgv[i + 1], agentFile)) execArgv.splice(i, 2);
    else if (
      equals > 0 &&
      PRELOADS.has(flag.slice(0, equals)) &&
      isAgent(flag.slice(equals + 1), agentFile)
    ) {
      execArgv.splice(i, 1);
    }
  }
}

function isAgent(named: string | undefined, agentFile: string): boolean {
  if (named === undefined) return false;
  if (named === REGISTER_NAME) return true;
  const file = named.startsWith('file:') ? fileURLToPath(named) : path.resolve(named);
  return file === agentFile;
}
