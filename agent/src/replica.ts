/**
 * Starts the agent of one process or thread from its options and secrets: transport, door, hooks. The
 * program's environment is as it should be by now, and none of its code has run.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { KeyLabel } from '@lockstep/protocol';
import { publishApi } from './api.ts';
import { ChildLogs, type ReplicaStart } from './core/child-logs.ts';
import { type AgentKeys, type StartedAgent, startAgent } from './start.ts';
import { startTransport, type Transport } from './transport/index.ts';
import { deriveKey, type KeySource } from './transport/keys.ts';

/** `setting`: what must be equal in all replicas; `agentFile`: the preload, its worker beside it. */
export function startReplica(
  start: ReplicaStart,
  setting: Record<string, string>,
  agentFile: string,
): StartedAgent {
  const { options, secrets } = start;
  const transport = openTransport(start, agentFile);
  const agent = startAgent({
    role: options.role,
    logName: options.logName,
    outbox: transport.outbox,
    inbox: transport.inbox,
    keys: applicationKeys({ secrets, logName: options.logName }),
    drain: (ms) => transport.drain(ms),
    onCoverage: (coverage) => transport.setSetting(setting, coverage),
    allowDrills: options.allowDrills,
    allowAddons: options.allowAddons,
    exitWaitMs: options.exitWaitMs,
    without: options.without,
    childLogs: new ChildLogs(start, agentFile),
  });
  publishApi(agent.door);
  if (options.drill !== null) loadDrill(agent, options.drill);
  return agent;
}

function openTransport({ options, secrets }: ReplicaStart, agentFile: string): Transport {
  return startTransport({
    workerFile: path.join(path.dirname(agentFile), 'transport-worker.cjs'),
    role: options.role,
    url: options.url,
    service: options.service,
    runId: options.runId,
    replica: options.replica,
    logName: options.logName,
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

function applicationKeys(source: KeySource): AgentKeys {
  const target = deriveKey(source, KeyLabel.target, 8);
  const random = deriveKey(source, KeyLabel.random, 16);
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
