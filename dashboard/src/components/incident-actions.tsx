/** Assign, note, and who one is: the history names the person behind every action. */
import type { IncidentDetail, IncidentPatch } from '@lockstep/protocol';
import { type ReactNode, type SyntheticEvent, useState } from 'react';
import { UNNAMED_ACTOR } from '../model/actor.ts';
import { Panel } from './panel.tsx';

interface ActionProps {
  readonly incident: IncidentDetail;
  readonly busy: boolean;
  readonly onPatch: (patch: IncidentPatch) => Promise<void>;
}

/** Forms beside an incident. */
export function IncidentActions(
  props: ActionProps & { actor: string; onActor: (name: string) => void },
): ReactNode {
  return (
    <Panel title="Review">
      <label className="field">
        <span>Your name, for the history</span>
        <input
          autoComplete="name"
          placeholder={UNNAMED_ACTOR}
          value={props.actor}
          onChange={(event) => props.onActor(event.currentTarget.value)}
        />
      </label>
      <AssignForm key={props.incident.assignee ?? ''} {...props} />
      <NoteForm {...props} />
    </Panel>
  );
}

function AssignForm({ incident, busy, onPatch }: ActionProps): ReactNode {
  const [assignee, setAssignee] = useState(incident.assignee ?? '');
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const name = assignee.trim();
    void onPatch({ assignee: name === '' ? null : name });
  };
  return (
    <form className="field" onSubmit={submit}>
      <label className="field">
        <span>Assignee</span>
        <input
          value={assignee}
          placeholder="nobody"
          autoComplete="off"
          onChange={(event) => setAssignee(event.currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={busy || assignee.trim() === (incident.assignee ?? '')}>
        Assign
      </button>
    </form>
  );
}

function NoteForm({ busy, onPatch }: ActionProps): ReactNode {
  const [note, setNote] = useState('');
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    // What was typed stays until the collector has it: a failed request must not lose a note.
    void onPatch({ note: note.trim() }).then(
      () => setNote(''),
      () => undefined,
    );
  };
  return (
    <form className="field is-tall" onSubmit={submit}>
      <label className="field">
        <span>Note</span>
        <textarea rows={3} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
      </label>
      <button type="submit" disabled={busy || note.trim() === ''}>
        Add note
      </button>
    </form>
  );
}
