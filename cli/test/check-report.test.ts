import {
  AlertKind,
  type AlertView,
  Reason,
  RunState,
  type RunView,
  Severity,
} from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { newRun, planReplicas } from '../src/launch/replica-plan.ts';
import {
  CheckExit,
  type CheckReport,
  exitCodeFor,
  isAberrance,
  reportLines,
} from '../src/report/check-report.ts';
import { type LauncherView, makeReport } from '../src/report/make-report.ts';

const blind: readonly string[] = [
  AlertKind.replicaSilent,
  AlertKind.replicaLagging,
  AlertKind.unprotected,
  AlertKind.evidenceGap,
];

function alert(kind: AlertKind, noise = false): AlertView {
  return {
    ...{ id: '1', kind, severity: Severity.high, service: 's', runId: 'r', incidentId: 'i' },
    ...{ log: 'main', callId: '0a', turn: 3, api: 'fs.readFile', target: '/etc/passwd' },
    replicas: [
      { id: 'a', digest: '11', api: 'fs.readFile' },
      { id: 'b', digest: null, api: null },
    ],
    ...{ suspect: 'b', summary: 'b differs', at: '', resolvedAt: null, pairedWith: null },
    ...{ drill: false, noise },
  };
}

function runView(): RunView {
  return {
    ...{ runId: 'r', service: 's', startedAt: '', endedAt: null, state: RunState.ended },
    ...{ reason: null, drill: false, command: [], calls: 10, matched: 10, noise: 0 },
    ...{ openIncidents: 0, replicas: [] },
  };
}

const run = newRun(new Date(0));

function report(
  outcome: { complete?: boolean; reason?: Reason; alerts?: readonly AlertView[] },
  view: Partial<LauncherView> = {},
): CheckReport {
  return makeReport(
    {
      run: runView(),
      complete: outcome.complete ?? true,
      reason: outcome.reason === undefined ? null : { code: outcome.reason, detail: 'because' },
      alerts: outcome.alerts ?? [],
      coverage: { hooked: 100, unhooked: [], notFollowed: [] },
    },
    {
      ...{ service: 's', run, replicas: planReplicas(3, null), drill: null, timedOut: false },
      ...{ timeout: 2, pids: new Map([['a', 7]]), ...view },
    },
  );
}

describe('the exit code of check', () => {
  it('is 0 when all agree completely', () => {
    expect(exitCodeFor(report({}))).toBe(CheckExit.agreed);
  });

  it.each(Object.values(AlertKind).filter((kind) => !blind.includes(kind)))(
    'is 1 for %s',
    (kind) => {
      expect(exitCodeFor(report({ alerts: [alert(kind)] }))).toBe(CheckExit.aberrant);
    },
  );

  it.each(blind as AlertKind[])('is not 1 for %s, which is about sight, not behaviour', (kind) => {
    expect(isAberrance(kind)).toBe(false);
    expect(exitCodeFor(report({ complete: false, alerts: [alert(kind)] }))).toBe(
      CheckExit.incomplete,
    );
  });

  it.each(Object.values(Reason))('is 3 when incomplete because of %s', (reason) => {
    const incomplete = report({ complete: false, reason });
    expect(exitCodeFor(incomplete)).toBe(CheckExit.incomplete);
    expect(incomplete.reason).toBe(reason);
  });

  it('is 1 when something was found, complete or not', () => {
    const alerts = [alert(AlertKind.missingCall)];
    expect(exitCodeFor(report({ complete: false, reason: Reason.gap, alerts }))).toBe(1);
  });

  it('is 0 when all that differs is noise', () => {
    expect(exitCodeFor(report({ alerts: [alert(AlertKind.digestMismatch, true)] }))).toBe(0);
  });

  it('is 3 with the reason timeout when the time was up, whatever else was missing', () => {
    const late = report({ complete: false, reason: Reason.unfinished }, { timedOut: true });
    expect([exitCodeFor(late), late.reason, late.complete]).toEqual([3, Reason.timeout, false]);
  });

  it('is 3 for a leader alone: nobody compared it', () => {
    const alone = report({}, { replicas: planReplicas(1, null) });
    expect([exitCodeFor(alone), alone.reason]).toEqual([3, Reason.noFollowers]);
  });

  it('is 3 when the collector calls a run incomplete and does not say why', () => {
    expect(report({ complete: false }).reason).toBe(Reason.unfinished);
  });
});

describe('the report of check', () => {
  it('has the promised fields, the launcher filling in process ids', () => {
    const made = report({}, { drill: { file: 'x' } });
    expect(Object.keys(made)).toEqual(
      expect.arrayContaining([
        ...['service', 'runId', 'complete', 'reason', 'drill', 'replicas', 'calls', 'matched'],
        ...['noise', 'coverage', 'alerts'],
      ]),
    );
    expect(made.drill).toBe(true);
    expect(made.replicas[0]).toEqual({
      id: 'a',
      pid: 7,
      role: 'leader',
      exitCode: null,
      calls: 0,
      followed: null,
    });
    expect(made.replicas.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('names kind, call, suspect and what each replica did, for people', () => {
    const text = reportLines(report({ alerts: [alert(AlertKind.missingCall)] })).join('\n');
    expect(text).toContain('ABERRANT, 1 alert');
    expect(text).toContain('missing-call, suspect b: fs.readFile /etc/passwd turn 3');
    expect(text).toContain('b: no such call');
  });

  it('folds what is beyond ten alerts', () => {
    const alerts = Array.from({ length: 12 }, () => alert(AlertKind.extraCall));
    expect(reportLines(report({ alerts })).at(-1)).toBe('and 2 more alerts');
  });

  it('says why it is incomplete', () => {
    expect(reportLines(report({ complete: false, reason: Reason.gap }))[0]).toBe(
      's: INCOMPLETE: because',
    );
  });
});
