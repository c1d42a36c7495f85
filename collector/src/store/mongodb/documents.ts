/**
 * The documents of the MongoDB store. What lists filter and sort by are fields; the objects
 * themselves are JSON text, because evidence nests deeper than BSON allows and its keys may hold dots.
 */
import type { Collection, Db } from 'mongodb';
import type { AuditEntry } from '../../ports.ts';
import type { IncidentTexts } from '../incident-parts.ts';
import type { AlertFields, IncidentFields, RunFields } from '../list-fields.ts';

/** A document that goes when its time has come; without `expireAt` it stays. */
interface Expiring {
  readonly _id: string;
  readonly expireAt?: Date;
}

export interface RunDocument extends Expiring, Omit<RunFields, 'id'> {
  readonly body: string;
  /** An incident needs this run's replicas, so the run does not go by its own age. */
  readonly hasIncident?: boolean;
}

export interface AlertDocument extends Expiring, Omit<AlertFields, 'id'> {
  readonly body: string;
}

export interface IncidentDocument extends Expiring, Omit<IncidentFields, 'id'>, IncidentTexts {
  readonly status: string;
  readonly resolvedAt: string | null;
  /** The analysts' state as JSON, and the newest audit entry in it. */
  readonly analyst: string;
  readonly sequence: number;
}

export interface AuditDocument extends Omit<AuditEntry, 'sequence'> {
  /** The sequence number: two entries cannot take the same one. */
  readonly _id: number;
}

export interface MetaDocument {
  readonly _id: string;
  readonly version: number;
}

/** The store's collections. */
export interface Collections {
  readonly runs: Collection<RunDocument>;
  readonly alerts: Collection<AlertDocument>;
  readonly incidents: Collection<IncidentDocument>;
  readonly audit: Collection<AuditDocument>;
  readonly meta: Collection<MetaDocument>;
}

export function collectionsOf(database: Db): Collections {
  return {
    runs: database.collection('runs'),
    alerts: database.collection('alerts'),
    incidents: database.collection('incidents'),
    audit: database.collection('audit'),
    meta: database.collection('meta'),
  };
}
