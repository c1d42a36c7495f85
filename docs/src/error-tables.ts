/**
 * Every error table of the workspace, in the order in which ERRORS.md shows them. Tables are internal to
 * their packages, so they are taken from the sources and not through the packages' entries.
 */
import { errorTable as agentTable } from '../../agent/src/errors.ts';
import { transportErrors } from '../../agent/src/transport/errors.ts';
import { errorTable as cliTable } from '../../cli/src/errors.ts';
import { errorTable as collectorTable } from '../../collector/src/errors.ts';
import { httpErrorTable } from '../../collector/src/http/errors.ts';
import { storeErrorTable } from '../../collector/src/store/errors.ts';
import { errorTable as dashboardTable } from '../../dashboard/src/errors.ts';

/** What all tables have in common; some add a close code or an HTTP status. */
export interface ErrorRow {
  readonly message: string;
  readonly remedy: string;
  readonly retryable: boolean;
  readonly close?: number;
  readonly status?: number;
}

export interface ErrorTable {
  readonly title: string;
  /** Where a person meets these errors. */
  readonly seen: string;
  /** The table's file, from the root of the workspace. */
  readonly source: string;
  readonly rows: Readonly<Record<string, ErrorRow>>;
}

export const errorTables: readonly ErrorTable[] = [
  {
    title: 'The command',
    seen: 'Printed on standard error behind `lockstep:`; the command ends with code 2.',
    source: 'cli/src/errors.ts',
    rows: cliTable,
  },
  {
    title: 'The agent at its start',
    seen: 'Printed once on the standard error of the service. The agent then does nothing and the service runs.',
    source: 'agent/src/errors.ts',
    rows: agentTable,
  },
  {
    title: 'The agent while it runs',
    seen: 'Printed once on the standard error of the service, and given as the reason why a run is unprotected.',
    source: 'agent/src/transport/errors.ts',
    rows: transportErrors,
  },
  {
    title: 'The collector to agents and launchers',
    seen: 'Sent as a `refuse` frame in front of the close code, and printed by whoever was refused.',
    source: 'collector/src/errors.ts',
    rows: collectorTable,
  },
  {
    title: 'The HTTP API',
    seen: 'The body of an answer: `{"code": ..., "message": ...}`, with the status in the last column.',
    source: 'collector/src/http/errors.ts',
    rows: httpErrorTable,
  },
  {
    title: 'The store',
    seen: 'Printed when the collector starts, shown on the dashboard while the store is away, and answered by the HTTP API with their own code.',
    source: 'collector/src/store/errors.ts',
    rows: storeErrorTable,
  },
  {
    title: 'The dashboard',
    seen: 'Shown on the page.',
    source: 'dashboard/src/errors.ts',
    rows: dashboardTable,
  },
];
