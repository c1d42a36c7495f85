/**
 * The embedded store's schema, as the steps that led to it. A step that was released is frozen: a
 * change is a new step at the end, and a golden file of each released version is opened in a test.
 * `user_version` says how many steps a file has seen.
 */

/** Marks a file as ours: "LKST" in SQLite's header. */
export const APPLICATION_ID = 0x4c_4b_53_54;

/** Steps in order; a file of version n has seen the first n. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    service TEXT NOT NULL,
    status TEXT NOT NULL,
    endedAt TEXT,
    text TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX runs_at ON runs (at, id);
  CREATE INDEX runs_service ON runs (service, at, id);
  CREATE INDEX runs_status ON runs (status, at, id);
  CREATE INDEX runs_endedAt ON runs (endedAt, id);
  CREATE INDEX runs_text ON runs (text);

  CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    severity INTEGER NOT NULL,
    kind TEXT NOT NULL,
    service TEXT NOT NULL,
    runId TEXT NOT NULL,
    incidentId TEXT NOT NULL,
    suspect TEXT,
    status TEXT NOT NULL,
    turn INTEGER NOT NULL,
    text TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX alerts_at ON alerts (at, id);
  CREATE INDEX alerts_severity ON alerts (severity, at, id);
  CREATE INDEX alerts_kind ON alerts (kind, at, id);
  CREATE INDEX alerts_service ON alerts (service, at, id);
  CREATE INDEX alerts_runId ON alerts (runId, at, id);
  CREATE INDEX alerts_incidentId ON alerts (incidentId, at, id);
  CREATE INDEX alerts_first ON alerts (incidentId, turn, at, id);
  CREATE INDEX alerts_suspect ON alerts (suspect, at, id);
  CREATE INDEX alerts_status ON alerts (status, at, id);
  CREATE INDEX alerts_text ON alerts (text);

  CREATE TABLE incidents (
    id TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    updatedAt TEXT NOT NULL,
    severity INTEGER NOT NULL,
    kind TEXT NOT NULL,
    service TEXT NOT NULL,
    runId TEXT NOT NULL,
    suspect TEXT,
    alerts INTEGER NOT NULL,
    text TEXT NOT NULL,
    head TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT NOT NULL,
    resolvedAt TEXT,
    analyst TEXT NOT NULL
  ) STRICT;
  CREATE INDEX incidents_at ON incidents (at, id);
  CREATE INDEX incidents_updatedAt ON incidents (updatedAt, at, id);
  CREATE INDEX incidents_severity ON incidents (severity, at, id);
  CREATE INDEX incidents_kind ON incidents (kind, at, id);
  CREATE INDEX incidents_service ON incidents (service, at, id);
  CREATE INDEX incidents_runId ON incidents (runId, at, id);
  CREATE INDEX incidents_suspect ON incidents (suspect, at, id);
  CREATE INDEX incidents_alerts ON incidents (alerts, at, id);
  CREATE INDEX incidents_status ON incidents (status, at, id);
  CREATE INDEX incidents_resolvedAt ON incidents (resolvedAt, id);
  CREATE INDEX incidents_text ON incidents (text);

  CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    previousHash TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_subject ON audit (subject, sequence);
  CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
  CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
  `,
];
