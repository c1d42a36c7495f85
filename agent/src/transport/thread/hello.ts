/** Says who this replica is. */
import { hostname } from 'node:os';
import {
  type Coverage,
  type HelloFrame,
  PROTOCOL_VERSION,
  type StreamPosition,
} from '@lockstep/protocol';
import { MAIN_LOG } from '../keys.ts';
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
    setting: setting.setting,
    coverage: setting.coverage,
    streams: [{ stream: 0, log: MAIN_LOG }],
    positions: [position],
  };
}
