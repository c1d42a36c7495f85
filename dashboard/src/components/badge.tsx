/**
 * Small labels: severity, status, state, drill, noise. Each has a sign and a word; the colour only
 * repeats what they say.
 */
import type { IncidentStatus, ReplicaState, RunState, Severity } from '@lockstep/protocol';
import {
  CheckCircle2,
  CircleAlert,
  CircleDashed,
  CircleDot,
  FlaskConical,
  Info,
  type LucideIcon,
  OctagonAlert,
  Shield,
  ShieldOff,
  TriangleAlert,
  Waves,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { replicaTone, runTone, statusTone, type Tone } from '../model/words.ts';

const ICON_PX = 13;

/** A label in a tone, with an optional sign before it. */
export function Badge(props: {
  tone: Tone;
  icon?: LucideIcon;
  title?: string;
  children: ReactNode;
}): ReactNode {
  const Icon = props.icon;
  return (
    <span className={`badge tone-${props.tone}`} title={props.title}>
      {Icon !== undefined && <Icon size={ICON_PX} aria-hidden="true" />}
      {props.children}
    </span>
  );
}

const severityIcon: Readonly<Record<Severity, LucideIcon>> = {
  critical: OctagonAlert,
  high: TriangleAlert,
  medium: CircleAlert,
  low: Info,
  info: Info,
};

/** How much something matters. */
export function SeverityBadge(props: { severity: Severity }): ReactNode {
  return (
    <Badge tone={props.severity} icon={severityIcon[props.severity]}>
      {props.severity}
    </Badge>
  );
}

const statusIcon: Readonly<Record<IncidentStatus, LucideIcon>> = {
  open: CircleDot,
  acknowledged: CircleDashed,
  resolved: CheckCircle2,
};

/** Where an incident stands. */
export function StatusBadge(props: { status: IncidentStatus }): ReactNode {
  return (
    <Badge tone={statusTone[props.status]} icon={statusIcon[props.status]}>
      {props.status}
    </Badge>
  );
}

const runIcon: Readonly<Record<RunState, LucideIcon>> = {
  starting: CircleDashed,
  protected: Shield,
  unprotected: ShieldOff,
  ended: CheckCircle2,
};

/** Whether a run is compared. */
export function RunStateBadge(props: { state: RunState }): ReactNode {
  return (
    <Badge tone={runTone[props.state]} icon={runIcon[props.state]}>
      {props.state}
    </Badge>
  );
}

/** How a replica is doing. */
export function ReplicaStateBadge(props: { state: ReplicaState }): ReactNode {
  return <Badge tone={replicaTone[props.state]}>{props.state}</Badge>;
}

/** Marks what a fire drill caused. */
export function DrillBadge(): ReactNode {
  return (
    <Badge tone="drill" icon={FlaskConical} title="A drill was on: this was caused on purpose.">
      drill
    </Badge>
  );
}

/** Marks a difference that a person or a rule called benign. */
export function NoiseBadge(): ReactNode {
  return (
    <Badge tone="noise" icon={Waves} title="Ruled benign by a person or a rule; never hidden.">
      noise
    </Badge>
  );
}

/** The suspect, or that there is none. */
export function SuspectLabel(props: { suspect: string | null }): ReactNode {
  return props.suspect === null ? (
    <span className="unattributed">unattributed</span>
  ) : (
    <code className="replica-id">{props.suspect}</code>
  );
}
