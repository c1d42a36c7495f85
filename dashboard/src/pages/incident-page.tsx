/** One incident: what differed, who is suspected, how it came to this, what to do about it. */
import type { AlertView, IncidentDetail, IncidentPatch } from '@lockstep/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback } from 'react';
import { patchIncident } from '../api/client.ts';
import { useIncident } from '../api/queries.ts';
import { queryKeys } from '../api/query-keys.ts';
import { AlertPanel } from '../components/alert-panel.tsx';
import { ConsequencesPanel } from '../components/consequences-panel.tsx';
import { DeliveriesPanel } from '../components/deliveries-panel.tsx';
import { DivergencePanel } from '../components/divergence-panel.tsx';
import { EvidencePanel } from '../components/evidence-panel.tsx';
import { IncidentActions } from '../components/incident-actions.tsx';
import { IncidentHeader } from '../components/incident-header.tsx';
import { IncidentHistory } from '../components/incident-history.tsx';
import { Failure, Notice } from '../components/notice.tsx';
import { ReplicaComparison } from '../components/replica-comparison.tsx';
import { SuspectPanel } from '../components/suspect-panel.tsx';
import { TurnsPanel } from '../components/turns-panel.tsx';
import { useStored } from '../hooks/use-stored.ts';
import { useTitle } from '../hooks/use-title.ts';
import { ACTOR_KEY } from '../model/actor.ts';
import { incidentHeadline, isComparable } from '../model/suspect.ts';

interface IncidentPageProps {
  readonly incidentId: string;
  readonly alertId: string | undefined;
  readonly onOpenAlert: (alert: AlertView) => void;
}

/** The page at `/incidents/:id`. */
export function IncidentPage(props: IncidentPageProps): ReactNode {
  const query = useIncident(props.incidentId);
  const incident = query.data;
  useTitle(incident === undefined ? 'Incident' : incidentHeadline(incident));
  if (incident === undefined) {
    return (
      <div className="page">
        <h1>Incident {props.incidentId}</h1>
        {query.error === null ? (
          <Notice>Loading…</Notice>
        ) : (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        )}
      </div>
    );
  }
  return <Loaded {...props} incident={incident} />;
}

function usePatch(incidentId: string): {
  readonly actor: string;
  readonly setActor: (name: string) => void;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly patch: (patch: IncidentPatch) => Promise<void>;
} {
  const client = useQueryClient();
  const [stored, setActor] = useStored(ACTOR_KEY);
  const actor = stored ?? '';
  const { mutateAsync, isPending, error } = useMutation({
    mutationFn: (patch: IncidentPatch) => patchIncident(incidentId, patch, actor),
    onSuccess: (detail) => client.setQueryData(queryKeys.incident(incidentId), detail),
  });
  const patch = useCallback(
    async (change: IncidentPatch): Promise<void> => {
      await mutateAsync(change);
    },
    [mutateAsync],
  );
  return { actor, setActor, busy: isPending, error, patch };
}

function Loaded(props: IncidentPageProps & { incident: IncidentDetail }): ReactNode {
  const { incident, alertId, onOpenAlert } = props;
  const { actor, setActor, busy, error, patch } = usePatch(incident.id);
  const comparable = isComparable(incident.firstDivergence);
  // The mutation keeps its error and the page shows it: the promise has nothing to add.
  const patchQuietly = (change: IncidentPatch): void => void patch(change).catch(() => undefined);
  return (
    <div className="page incident-page">
      <IncidentHeader incident={incident} busy={busy} onPatch={patchQuietly} />
      {error !== null && <Failure error={error} />}
      <div className="incident-columns">
        <div className="incident-main">
          {alertId !== undefined && <AlertPanel alertId={alertId} incidentId={incident.id} />}
          <SuspectPanel incident={incident} />
          <DivergencePanel incident={incident} />
          <ReplicaComparison incident={incident} />
          {comparable && <TurnsPanel incident={incident} />}
          {comparable && <EvidencePanel incident={incident} />}
          <ConsequencesPanel incident={incident} onOpen={onOpenAlert} />
        </div>
        <div className="incident-side">
          {comparable && <DeliveriesPanel incident={incident} />}
          <IncidentActions
            incident={incident}
            busy={busy}
            onPatch={patch}
            actor={actor}
            onActor={setActor}
          />
          <IncidentHistory activity={incident.activity} />
        </div>
      </div>
    </div>
  );
}
