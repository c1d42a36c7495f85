/** Says who this replica is. */
import { hostname } from 'node:os';
import {
  type Coverage,
  type HelloFrame,
  MAX_NAME_CHARS,
  PROTOCOL_VERSION,
  type StreamPosition,
} from '@lockstep/protocol';
import { MAX_SENTENCE_CHARS } from '../limits.ts';
import type { TransportOptions } from '../transport-types.ts';
import { AGENT_VERSION } from '../version.ts';

/** What the application thread found out about itself. */
export interface Setting {
  readonly setting: Readonly<Record<string, string>>;
  readonly coverage: Coverage;
}

/** The first frame of a connection. */
export function helloFrame(
  options: TransportOptions,
  setting: Setting,
  connection: number,
  position: StreamPosition,
): HelloFrame {
  return {
    type: 'hello',
    version: PROTOCOL_VERSION,
    runId: options.runId,
    service: options.service,
    replica: options.replica,
    role: options.role,
    variant: options.variant,
    token: options.secrets.token,
    connection,
    pid: process.pid,
    host: hostname(),
    nodeVersion: process.version,
    agentVersion: AGENT_VERSION,
    isolation: options.isolation,
    drill: options.drill,
    setting: clamped(setting.setting),
    coverage: setting.coverage,
    streams: [{ stream: 0, log: options.logName }],
    positions: [position],
  };
}

/** A value that the collector's edge would refuse must not cost the replica its protection. */
function clamped(fields: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(fields).map(([name, value]) => [
    name.slice(0, MAX_NAME_CHARS),
    value.slice(0, MAX_SENTENCE_CHARS),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}
