/** `--drill FILE[@leader|@follower|@all]`: which file, and which replicas load it before the service. */
import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { Role } from '@lockstep/protocol';
import { CliError, detailOf } from '../errors.ts';
import type { ReplicaPlan } from './replica-plan.ts';

/** Who is struck. `follower` is the last one. */
export const DrillTarget = { leader: 'leader', follower: 'follower', all: 'all' } as const;
export type DrillTarget = (typeof DrillTarget)[keyof typeof DrillTarget];

/** A drill that is on from the start. `file` is absolute. */
export interface DrillPlan {
  readonly file: string;
  readonly target: DrillTarget;
}

/** Splits off the target. An `@` elsewhere belongs to the file's name. */
export function parseDrill(text: string, folder: string): DrillPlan {
  const match = /^(.+)@(leader|follower|all)$/.exec(text);
  const file = resolve(folder, match?.[1] ?? text);
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new CliError('CLI_DRILL_UNREADABLE', { file, detail: detailOf(error), cause: error });
  }
  return { file, target: (match?.[2] as DrillTarget | undefined) ?? DrillTarget.follower };
}

/** Ids of the replicas that a drill strikes. */
export function struckReplicas(
  drill: DrillPlan | null,
  replicas: readonly ReplicaPlan[],
): ReadonlySet<string> {
  switch (drill?.target) {
    case undefined:
      return new Set();
    case DrillTarget.all:
      return new Set(replicas.map(({ id }) => id));
    case DrillTarget.leader:
      return new Set(replicas.filter(({ role }) => role === Role.leader).map(({ id }) => id));
    case DrillTarget.follower: {
      const last = replicas.filter(({ role }) => role === Role.follower).at(-1);
      if (last === undefined)
        throw new CliError('CLI_DRILL_NO_FOLLOWER', { file: drill?.file ?? '' });
      return new Set([last.id]);
    }
  }
}
