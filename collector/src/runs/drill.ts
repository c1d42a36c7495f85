/** A fire drill on a running service: one replica loads a payload, as an intruder would have it. */
import { Role } from '@lockstep/protocol';
import type { Replica } from './replica.ts';
import type { Run } from './run.ts';

/** Which replica was struck, or why none was. */
export type DrillAnswer =
  | { readonly ok: true; readonly runId: string; readonly replica: string }
  | { readonly ok: false; readonly why: 'unknown-service' | 'not-allowed' | 'unknown-replica' };

/** Strikes a replica of the service's newest running run; without a name, its last follower. */
export function strike(
  runs: readonly Run[],
  service: string,
  replicaId: string | null,
  file: string,
): DrillAnswer {
  const running = runs.filter((run) => run.service === service && !run.isOver);
  const run = running.sort((left, right) => right.startedAt - left.startedAt)[0];
  if (run === undefined) return { ok: false, why: 'unknown-service' };
  if (!run.allowDrills) return { ok: false, why: 'not-allowed' };
  const struck = run
    .all()
    .filter((one) => isStruck(one, replicaId))
    .at(-1);
  if (struck?.link === undefined || struck.link === null)
    return { ok: false, why: 'unknown-replica' };
  run.noteDrill(true);
  struck.link.send({ type: 'drill', file });
  run.changed();
  return { ok: true, runId: run.runId, replica: struck.id };
}

function isStruck({ id, role, link }: Replica, wanted: string | null): boolean {
  if (link === null) return false;
  return wanted === null ? role === Role.follower : id === wanted;
}
