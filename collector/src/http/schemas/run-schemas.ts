/** Schemas of services, runs and replicas. */
import {
  Isolation,
  Reason,
  ReplicaState,
  type ReplicaView,
  Role,
  RunState,
  type RunView,
  type ServiceView,
} from '@lockstep/protocol';
import {
  count,
  flag,
  listOf,
  nullable,
  numeric,
  objectOf,
  oneOf,
  ref,
  type Schema,
  text,
  time,
} from './json-schema.ts';

const replica = objectOf<ReplicaView>({
  id: text,
  runId: text,
  service: text,
  pid: nullable(count),
  role: oneOf(Role),
  variant: text,
  state: oneOf(ReplicaState),
  isolation: oneOf(Isolation),
  host: text,
  nodeVersion: text,
  connectedAt: nullable(time),
  endedAt: nullable(time),
  exitCode: nullable({ type: 'integer' }),
  exitSignal: nullable(text),
  calls: count,
  matched: count,
  callsPerSecond: numeric,
  lagTurns: count,
  lagMs: nullable(numeric),
  gaps: count,
  counters: { type: 'object', additionalProperties: numeric },
});

const run = objectOf<RunView>({
  runId: text,
  service: text,
  startedAt: time,
  endedAt: nullable(time),
  state: oneOf(RunState),
  reason: nullable(
    objectOf<NonNullable<RunView['reason']>>({
      code: oneOf(Reason),
      api: nullable(text),
      detail: text,
    }),
  ),
  drill: flag,
  command: listOf(text),
  calls: count,
  matched: count,
  noise: count,
  openIncidents: count,
  replicas: listOf(ref('Replica')),
});

const service = objectOf<ServiceView>({ name: text, runs: listOf(ref('Run')) });

export const runSchemas: Readonly<Record<string, Schema>> = {
  Replica: replica,
  Run: run,
  Service: service,
};
