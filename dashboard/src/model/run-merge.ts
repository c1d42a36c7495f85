/** Puts runs that the live feed brings into the services that the page knows, newest run first. */
import type { RunView, ServiceView } from '@lockstep/protocol';

/** Replaces or adds each run; a service that was unknown is added. Pure. */
export function mergeRuns(
  services: readonly ServiceView[],
  runs: readonly RunView[],
): readonly ServiceView[] {
  const byName = new Map(services.map((service) => [service.name, service]));
  for (const run of runs) {
    const known = byName.get(run.service)?.runs ?? [];
    const others = known.filter(({ runId }) => runId !== run.runId);
    byName.set(run.service, {
      name: run.service,
      runs: [...others, run].sort((a, b) => b.startedAt.localeCompare(a.startedAt)),
    });
  }
  return [...byName.values()];
}

/** Every replica id that is known, sorted, each once: choices for a suspect filter. */
export function replicaIds(services: readonly ServiceView[]): readonly string[] {
  const ids = services.flatMap((service) =>
    service.runs.flatMap((run) => run.replicas.map((replica) => replica.id)),
  );
  return [...new Set(ids)].sort((a, b) => a.localeCompare(b));
}
