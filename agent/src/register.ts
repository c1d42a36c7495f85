/**
 * What `--require` (CommonJS services) and `--import` (ES module services) load before the service. It
 * starts the agent when a launcher or the environment asks for one and is silent otherwise (a child that
 * inherits the flag has no secrets). Whatever fails here, the service starts.
 */

import os from 'node:os';
import { KeyLabel, MAIN_LOG, restoreStart } from '@lockstep/protocol';
import { originals } from './core/originals.ts';
import { AgentError } from './errors.ts';
import { initialSetting } from './initial-setting.ts';
import { cleanEnvironment, isWanted, readOptions } from './options.ts';
import { readSecrets } from './read-secrets.ts';
import { startReplica } from './replica.ts';
import { deriveKey } from './transport/keys.ts';

/** `--require FILE` or `--import URL`, in front of what the service is started with. */
const PRELOAD_ARGUMENTS = 2;

function register(): void {
  const { env } = process;
  if (!isWanted(env)) return;
  restoreStart(env, process.execArgv, PRELOAD_ARGUMENTS);
  const options = readOptions(env, process.cwd());
  const secrets = readSecrets(options.secrets);
  const checkKey = deriveKey({ secrets, logName: MAIN_LOG }, KeyLabel.check, 8);
  const setting = initialSetting(checkKey, env, {
    addons: options.allowAddons,
    strong: options.strong,
  });
  cleanEnvironment(env);
  startReplica({ options, secrets }, setting, __filename);
}

try {
  register();
} catch (error) {
  if (!(error instanceof AgentError)) throw error;
  originals.writeSync(2, `lockstep: ${error.message}${os.EOL}`);
}
