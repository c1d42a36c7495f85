/** What the dashboard says: numbers, blame, alignment, staleness, announcements. */
import { describe, expect, it } from 'vitest';
import { dashboardError, errorTable } from '../src/errors.ts';
import {
  ANNOUNCED_ALERTS,
  HISTORY_POINTS,
  HISTORY_STEP_MS,
  STALE_GRACE_MS,
} from '../src/limits.ts';
import { actorHeader } from '../src/model/actor.ts';
import { alignTurns, majorityDigest } from '../src/model/aligned-turns.ts';
import { AnnouncedAlerts, announcementOf } from '../src/model/announcement.ts';
import { consequencesOf } from '../src/model/consequences.ts';
import {
  formatAge,
  formatDuration,
  formatShare,
  formatTime,
  joinWords,
} from '../src/model/format.ts';
import { processOfLog } from '../src/model/process-of-log.ts';
import { RateHistory, rateSeries } from '../src/model/rate-history.ts';
import { replicaAct } from '../src/model/replica-act.ts';
import { runReasonSentence, runStateSentence } from '../src/model/run-words.ts';
import { staleNotice } from '../src/model/stale-notice.ts';
import { incidentHeadline, isComparable, suspectVerdict } from '../src/model/suspect.ts';
import { parseTheme } from '../src/model/theme.ts';
import { aDetail, aDivergence, anAlert, anIncident, aReplica, aRun } from './support/builders.ts';

describe('numbers', () => {
  it('are never rounded up to a whole share', () => {
    expect(formatShare(999_999, 1_000_000)).toBe('99.99 %');
    expect(formatShare(5, 5)).toBe('100 %');
    expect(formatShare(0, 0)).toBe('—');
  });

  it('show what is not known as a dash', () => {
    expect(formatDuration(null)).toBe('—');
    expect(formatAge('never', 0)).toBe('—');
  });

  it('keep a decimal where it tells something', () => {
    expect(formatDuration(1.34)).toBe('1.3 ms');
    expect(formatDuration(33.4)).toBe('33 ms');
    expect(formatDuration(2_610)).toBe('2.6 s');
  });

  it('date a moment that was not today', () => {
    const now = Date.parse('2026-07-29T14:03:22Z');
    expect(formatTime(now - 1_000, now, 'UTC')).toBe('14:03:21');
    expect(formatTime(now - 86_400_000, now, 'UTC')).toBe('2026-07-28 14:03');
    expect(joinWords(['a', 'b', 'c'])).toBe('a, b and c');
  });
});

describe('blame', () => {
  it('names the suspect and those who agree against it', () => {
    const verdict = suspectVerdict(aDetail());
    expect(verdict.headline).toBe('Replica c');
    expect(verdict.ground).toContain('a and b agree');
  });

  it('says unattributed between two, and treats both alike', () => {
    const two = aDetail({
      suspect: null,
      replicas: [aReplica({ id: 'a' }), aReplica({ id: 'b' })],
      firstDivergence: aDivergence({
        expected: { replicas: ['a'], digest: 'd1', evidence: null },
        actual: { replicas: ['b'], digest: 'd2', evidence: null },
      }),
    });
    expect(suspectVerdict(two)).toMatchObject({ name: null, headline: 'Unattributed' });
    expect(suspectVerdict(two).ground).toContain('no majority');
    expect(replicaAct(two, 'a').words).toBe(replicaAct(two, 'b').words);
    expect(incidentHeadline(two)).toBe('Replicas called fs.writeFile with different data');
  });

  it('tells what each replica did', () => {
    expect(replicaAct(aDetail(), 'a')).toMatchObject({ state: 'agrees', digest: 'd1' });
    expect(replicaAct(aDetail(), 'c')).toMatchObject({ state: 'differs', digest: 'd2' });
    expect(replicaAct(aDetail(), 'z')).toMatchObject({ state: 'unknown' });
    const missing = aDivergence({ actual: { replicas: ['c'], digest: null, evidence: null } });
    expect(replicaAct(aDetail({ firstDivergence: missing }), 'c').state).toBe('absent');
    const extra = aDivergence({ expected: { replicas: ['a', 'b'], digest: null, evidence: null } });
    expect(replicaAct(aDetail({ firstDivergence: extra }), 'c').state).toBe('extra');
  });

  it('blames only the suspect where nothing was compared', () => {
    const silent = aDetail({
      suspect: 'b',
      firstDivergence: aDivergence({
        kind: 'replica-silent',
        callId: null,
        expected: null,
        actual: null,
      }),
    });
    expect(replicaAct(silent, 'b')).toMatchObject({ state: 'differs', words: 'went silent' });
    expect(replicaAct(silent, 'a')).toMatchObject({ state: 'unknown', words: 'not named in this' });
    expect(isComparable(silent.firstDivergence)).toBe(false);
    expect(isComparable(aDivergence({ callId: null }))).toBe(true);
  });

  it('puts the incident in one sentence', () => {
    expect(incidentHeadline(anIncident())).toBe(
      'Replica c called fs.writeFile with different data',
    );
  });
});

describe('aligned turns', () => {
  const call = {
    callId: 'c0',
    api: 'fs.open',
    target: null,
    verdict: 'mismatch' as const,
    replicas: [
      { id: 'a', digest: 'x', ordinal: 0 },
      { id: 'b', digest: 'x', ordinal: 0 },
      { id: 'c', digest: 'y', ordinal: 0 },
    ],
  };
  const cells = (changes: Partial<typeof call> | { verdict: 'missing' | 'extra' | 'unknown' }) =>
    alignTurns(
      [{ log: 'main', turn: 1, parentTurn: null, calls: [{ ...call, ...changes }] }],
      ['a', 'b', 'c'],
      new Set(['c0']),
    )[0]?.rows[0]?.cells.map(({ state, words }) => `${state}:${words}`);

  it('tell the majority from who differs', () => {
    expect(cells({})).toEqual(['agrees:majority', 'agrees:majority', 'differs:differs']);
  });

  it('blame nobody without a majority', () => {
    const tie = { ...call, replicas: call.replicas.slice(1) };
    expect(majorityDigest(tie)).toBeNull();
    expect(cells(tie)).toEqual(['unknown:not compared', 'differs:variant 1', 'differs:variant 2']);
  });

  it('tell a missing call from an extra one and from one that was not compared', () => {
    const [a, b] = call.replicas;
    const without = [a, b, { id: 'c', digest: null, ordinal: null }].filter((one) => one != null);
    expect(cells({ verdict: 'missing', replicas: without } as never)?.[2]).toBe('absent:missing');
    expect(cells({ verdict: 'extra', replicas: without } as never)?.[2]).toBe('agrees:not made');
    expect(cells({ verdict: 'extra', replicas: without } as never)?.[0]).toBe('extra:extra');
    expect(cells({ verdict: 'unknown' })?.[0]).toBe('unknown:not comparable');
  });
});

describe('the stale banner', () => {
  const health = { phase: 'live', startedAtMs: 0, lastFrameAtMs: 10_000, retryAtMs: null } as const;

  it('is absent while the feed is live, and during a short reconnect', () => {
    expect(staleNotice(health, 99_000)).toBeNull();
    const connecting = { ...health, phase: 'connecting' } as const;
    expect(staleNotice(connecting, 10_000 + STALE_GRACE_MS - 1)).toBeNull();
    expect(staleNotice(connecting, 10_000 + STALE_GRACE_MS)).not.toBeNull();
  });

  it('says since when data is stale and when it tries again', () => {
    const waiting = { ...health, phase: 'waiting', retryAtMs: 22_500 } as const;
    expect(staleNotice(waiting, 20_000, 'UTC')).toBe(
      'Data is stale since 00:00:10 (10 s): no word from the collector. Trying again in 3 s.',
    );
  });

  it('does not claim that there ever was data', () => {
    const never = { ...health, phase: 'connecting', lastFrameAtMs: null } as const;
    expect(staleNotice(never, 5_000)).toContain('No live data yet');
  });
});

describe('announcements', () => {
  it('are made once, and never of noise or of what is over', () => {
    const announced = new AnnouncedAlerts();
    const news = [
      anAlert(),
      anAlert({ id: 'n', noise: true }),
      anAlert({ id: 'r', resolvedAt: '' }),
    ];
    expect(announced.takeNew(news).map(({ id }) => id)).toEqual(['al1']);
    expect(announced.takeNew(news)).toEqual([]);
  });

  it('forget the oldest beyond their bound', () => {
    const announced = new AnnouncedAlerts();
    const many = Array.from({ length: ANNOUNCED_ALERTS }, (_, index) =>
      anAlert({ id: `${index}` }),
    );
    announced.takeNew(many);
    expect(announced.takeNew([anAlert({ id: '0' })])).toHaveLength(0);
    announced.takeNew([anAlert({ id: 'one more' })]);
    expect(announced.takeNew([anAlert({ id: '0' })])).toHaveLength(1);
  });

  it('name the most severe of a burst', () => {
    expect(announcementOf([])).toBeNull();
    expect(announcementOf([anAlert()])).toBe(
      'New alert: high, Extra call, replica c, service orders.',
    );
    const burst = [anAlert(), anAlert({ severity: 'critical', suspect: null })];
    expect(announcementOf(burst)).toMatch(/^2 new alerts, the most severe: critical.*unattributed/);
  });
});

describe('runs', () => {
  it('say in words why nobody compares them', () => {
    const reason = { code: 'not-followed', api: 'fs.watch', detail: 'In log main.' } as const;
    const sentence = runReasonSentence(aRun({ state: 'unprotected', reason }));
    expect(sentence).toContain('fs.watch');
    expect(sentence).toMatch(/ended there \(In log main\)\.$/);
    expect(runReasonSentence(aRun())).toBeNull();
  });

  it('keep a bounded history, at most a point a second', () => {
    const history = new RateHistory();
    for (let index = 0; index < HISTORY_POINTS * 2 + 20; index += 1) {
      history.record([aRun()], index * (HISTORY_STEP_MS / 2));
    }
    const points = history.pointsOf('run-1', 'a');
    expect(points).toHaveLength(HISTORY_POINTS);
    expect((points[1]?.atMs ?? 0) - (points[0]?.atMs ?? 0)).toBe(HISTORY_STEP_MS);
  });

  it('draw a hole where nothing was heard', () => {
    const point = (atMs: number) => ({ atMs, callsPerSecond: 5 });
    expect(rateSeries([point(0), point(1_000), point(60_000)]).rates).toEqual([5, 5, null, 5]);
    expect(rateSeries([]).top).toBeGreaterThan(0);
  });

  it('end the history of a replica that ended', () => {
    const history = new RateHistory();
    history.record([aRun({ replicas: [aReplica({ endedAt: '' })] })], 0);
    expect(history.pointsOf('run-1', 'a')).toEqual([]);
  });
});

describe('small rules', () => {
  it('count consequences without the first divergence', () => {
    const incident = aDetail({
      alerts: 12,
      firstAlerts: [anAlert(), anAlert({ kind: 'missing-call' })],
      folded: [{ kind: 'missing-call', count: 10 }],
    });
    expect(consequencesOf(incident)).toEqual({
      total: 11,
      byKind: [{ kind: 'missing-call', count: 11 }],
    });
  });

  it('put any name into a header', () => {
    expect(actorHeader(' ')).toBe('local');
    expect(actorHeader('Ada L')).toBe('Ada L');
    expect(decodeURIComponent(actorHeader('Łukasz 100 %'))).toBe('Łukasz 100 %');
    expect(actorHeader('100 %41')).not.toContain('%41 ');
    expect(decodeURIComponent(actorHeader('100 %41'))).toBe('100 %41');
  });

  it('take an unknown theme for the system one', () => {
    expect(parseTheme('dark')).toBe('dark');
    expect(parseTheme('pink')).toBe('system');
  });

  it('build errors that name the thing and the remedy', () => {
    const error = dashboardError('DASHBOARD_UNREACHABLE', { path: '/api/services' });
    expect(error.message).toContain('/api/services');
    expect(error.message).toContain(errorTable.DASHBOARD_UNREACHABLE.remedy);
    expect(error.message).not.toContain('{');
  });
});

describe('the process of a log', () => {
  it('is the service itself, its child, or a child of a child', () => {
    expect(processOfLog('main')).toBe("the service's own process");
    expect(processOfLog('main.00112233445566ff')).toBe('a child process');
    expect(processOfLog('main.00112233445566ff.00112233445566fe')).toContain('2 levels down');
  });
});

describe('a run that is followed in part', () => {
  it('says that it is protected, and why not all of it', () => {
    const reason = {
      code: 'too-many-logs',
      api: null,
      detail: 'a run has at most 2000 logs',
    } as const;
    const run = { ...aRun(), state: 'protected', reason } as const;
    expect(runStateSentence(run)).toContain('of the processes that are followed');
    expect(runReasonSentence(run)).toContain('at most 2000 logs');
  });
});
