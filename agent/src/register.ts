/**
 * What `--require` (CommonJS services) and `--import` (ES module services) load before the service. It
 * starts the agent when a launcher or the environment asks for one and is silent otherwise (a child that
 * inherits the flag has no secrets). Whatever fails here, the service starts.
 */

import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { KeyLabel, type ReplicaSecrets } from '@lockstep/protocol';
import { publishApi } from './api.ts';
import { originals } from './core/originals.ts';
import { AgentError } from './errors.ts';
import { initialSetting } from './initial-setting.ts';
import { type AgentOptions, cleanEnvironment, isWanted, readOptions } from './options.ts';
import { readSecrets } from './read-secrets.ts';
import { type StartedAgent, startAgent } from './start.ts';
import { startTransport, type Transport } from './transport/index.ts';
import { deriveKey, MAIN_LOG } from './transport/keys.ts';

function register(): void {
  const { env } = process;
  if (!isWanted(env)) return;
  const options = readOptions(env, process.cwd());
  const secrets = readSecrets(options.secrets);
  const checkKey = deriveKey(secrets, KeyLabel.check, 8);
  const setting = initialSetting(checkKey, env, {
    addons: options.allowAddons,
    strong: options.strong,
  });
  cleanEnvironment(env);
  const transport = openTransport(options, secrets);
  const agent = startAgent({
    role: options.role,
    logName: MAIN_LOG,
    outbox: transport.outbox,
    inbox: transport.inbox,
    keys: applicationKeys(secrets),
    drain: (ms) => transport.drain(ms),
    onCoverage: (coverage) => transport.setSetting(setting, coverage),
    allowDrills: options.allowDrills,
    allowAddons: options.allowAddons,
    exitWaitMs: options.exitWaitMs,
    without: options.without,
  });
  publishApi(agent.door);
  if (options.drill !== null) loadDrill(agent, options.drill);
}

function openTransport(options: AgentOptions, secrets: ReplicaSecrets): Transport {
  return startTransport({
    workerFile: path.join(__dirname, 'transport-worker.cjs'),
    role: options.role,
    url: options.url,
    service: options.service,
    runId: options.runId,
    replica: options.replica,
    variant: options.variant,
    isolation: options.isolation,
    drill: options.drill !== null,
    launcherSocket: options.url.startsWith('ws+unix:'),
    secrets,
    strong: options.strong,
    memoryBytes: options.memoryBytes,
    evidenceBytes: options.evidenceBytes,
    spoolBytes: options.spoolBytes,
    redact: options.redact,
  });
}

function applicationKeys(secrets: ReplicaSecrets): {
  target: { lo: number; hi: number };
  random: Uint32Array;
} {
  const target = deriveKey(secrets, KeyLabel.target, 8);
  const random = deriveKey(secrets, KeyLabel.random, 16);
  return {
    target: { lo: target.readUInt32LE(0), hi: target.readUInt32LE(4) },
    random: Uint32Array.from([0, 4, 8, 12], (at) => random.readUInt32LE(at)),
  };
}

/** A drill is loaded as an injected payload would be: in front of the service, in this replica alone. */
function loadDrill(agent: StartedAgent, file: string): void {
  agent.payloads.add(file);
  createRequire(file)(file);
}

try {
  register();
} catch (error) {
  if (!(error instanceof AgentError)) throw error;
  originals.writeSync(2, `lockstep: ${error.message}${os.EOL}`);
}
