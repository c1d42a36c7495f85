/** Marble tests of the join: what goes in when, and which verdicts come out in the same frame. */
import type { RecordBatch } from '@lockstep/protocol';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import type { JoinEvent, VerdictBatch } from '../src/join/events.ts';
import { joinByCallId } from '../src/join/join-by-call-id.ts';
import { Joiner } from '../src/join/joiner.ts';
import { Script } from './helpers/batches.ts';

const options = { log: 'main', openBytes: 1024 * 1024, readBack: () => [] };

/** A verdict in short: decided turns, matches, unknowns, and each divergence as api and digests. */
function brief(verdicts: VerdictBatch): string {
  const { decidedTurns, matched, unknown, divergences, gaps } = verdicts;
  const differ = divergences.map(({ turn, api, sides }) => {
    const digests = sides.map(({ replica, digest }) => `${replica}${shortDigest(digest)}`);
    return `${turn}/${api}:${digests.join('')}`;
  });
  const lost = gaps.map(({ replica, records }) => `lost ${replica}${records}`);
  return [`<${decidedTurns}`, `+${matched}`, `?${unknown}`, ...differ, ...lost].join(' ');
}

function shortDigest(digest: string | null): string {
  return digest === null ? '-' : String(Number.parseInt(digest.slice(8), 16));
}

/** Runs marbles in and expects marbles out. */
function marbles(
  input: string,
  events: Readonly<Record<string, JoinEvent>>,
  output: string,
  verdicts: Readonly<Record<string, string>>,
): void {
  const scheduler = new TestScheduler((actual, expected) => {
    const shown = (
      actual as { frame: number; notification: { kind: string; value?: VerdictBatch } }[]
    ).map(({ frame, notification }) => ({
      frame,
      notification:
        notification.kind === 'N' && notification.value !== undefined
          ? { ...notification, value: brief(notification.value) }
          : notification,
    }));
    expect(shown).toEqual(expected);
  });
  scheduler.run(({ cold, expectObservable }) => {
    expectObservable(cold(input, events).pipe(joinByCallId(options))).toBe(output, verdicts);
  });
}

function replicas(): { a: Script; b: Script; c: Script; joined: Record<string, JoinEvent> } {
  const [a, b, c] = [new Script('a'), new Script('b'), new Script('c')];
  return { a, b, c, joined: { A: a.joined(), B: b.joined(), C: c.joined() } };
}

describe('joinByCallId', () => {
  test('decides turns in the frame in which the last watermark comes', () => {
    const { a, b, c, joined } = replicas();
    marbles(
      'ABC-x-y-z|',
      {
        ...joined,
        x: a.did({ 0: '100:1=1 101:1=1', 1: '100:1=1' }, 3),
        y: b.did({ 0: '100:1=1 101:1=1', 1: '100:1=1' }, 3),
        z: c.did({ 0: '100:1=1 101:1=1', 1: '100:1=1' }, 3),
      },
      '--------v|',
      { v: '<3 +3 ?0' },
    );
  });

  test('says nothing of a turn that one replica has not finished, however long', () => {
    const { a, b, c, joined } = replicas();
    marbles(
      'ABC-x-y 10s z|',
      {
        ...joined,
        x: a.did({ 0: '100:1=1', 1: '100:1=1' }, 9),
        y: b.did({ 0: '100:1=2', 1: '100:1=1' }, 9),
        z: c.did({ 0: '100:1=1' }, 1),
      },
      '------- 10s v|',
      { v: '<1 +0 ?0 0/100:a1b2c1' },
    );
  });

  test('does not let an extra call shift the identifiers of those after it', () => {
    const { a, b, joined } = replicas();
    marbles(
      'AB-x-y|',
      {
        ...joined,
        x: a.did({ 0: '100:1=1 101:1=1 100:1=3' }, 2),
        y: b.did({ 0: '100:1=1 800:5=5 101:1=1 100:1=3' }, 2),
      },
      '-----v|',
      { v: '<2 +3 ?0 0/800:a-b5' },
    );
  });

  test.each([
    [
      'one repetition more',
      '100:1=1 100:1=2 100:1=3',
      '100:1=1 100:1=9 100:1=2 100:1=3',
      'a-b9',
      3,
    ],
    ['one repetition less', '100:1=1 100:1=2 100:1=3', '100:1=2 100:1=3', 'a1b-', 2],
    ['one more at the start', '100:1=1 100:1=2', '100:1=7 100:1=1 100:1=2', 'a-b7', 2],
    ['one more at the end', '100:1=1 100:1=1', '100:1=1 100:1=1 100:1=1', 'a-b1', 2],
    ['other data in one of as many', '100:1=1 100:1=2', '100:1=1 100:1=3', 'a2b3', 1],
  ])('finds %s of a call, and no other', (_, left, right, differ, matched) => {
    const { a, b, joined } = replicas();
    marbles(
      'AB-x-y|',
      { ...joined, x: a.did({ 0: left }, 2), y: b.did({ 0: right }, 2) },
      '-----v|',
      { v: `<2 +${matched} ?0 0/100:${differ}` },
    );
  });

  test('takes calls in another order within a turn for the same calls', () => {
    const { a, b, joined } = replicas();
    marbles(
      'AB-x-y|',
      {
        ...joined,
        x: a.did({ 0: '100:1=1 101:1=1 100:2=3' }, 2),
        y: b.did({ 0: '100:2=3 100:1=1 101:1=1' }, 2),
      },
      '-----v|',
      { v: '<2 +3 ?0' },
    );
  });

  test('finds a changed target missing under one identifier and extra under another', () => {
    const { a, b, joined } = replicas();
    marbles(
      'AB-x-y|',
      { ...joined, x: a.did({ 0: '100:1=1' }, 2), y: b.did({ 0: '100:2=1' }, 2) },
      '-----v|',
      { v: '<2 +0 ?0 0/100:a1b- 0/100:a-b1' },
    );
  });

  test('leaves turns that overlap a gap unknown, and compares those after it', () => {
    const { a, b, joined } = replicas();
    marbles(
      'AB-w-x-y-z|',
      {
        ...joined,
        w: a.did({ 0: '100:1=1', 1: '100:1=1', 2: '100:1=1', 3: '100:1=1' }, 9),
        x: b.did({ 0: '100:1=1' }, 1),
        y: b.lost(1, 4, 1),
        z: b.did({ 2: '100:1=8', 3: '100:1=1' }, 9),
      },
      '-----v---u|',
      { v: '<1 +1 ?0', u: '<9 +1 ?2 lost b4' },
    );
  });

  test('leaves out a replica that is away until it is back', () => {
    const { a, b, c, joined } = replicas();
    marbles(
      'ABC-xy-w-uv-k-lmz|',
      {
        ...joined,
        x: a.did({ 0: '100:1=1', 1: '100:1=1' }, 2),
        y: b.did({ 0: '100:1=1', 1: '100:1=1' }, 2),
        w: { type: 'away', replica: 'c' },
        u: a.did({ 2: '100:1=1', 3: '100:1=1' }, 4),
        v: b.did({ 2: '100:1=1', 3: '100:1=1' }, 4),
        k: { type: 'back', replica: 'c' },
        l: a.did({ 4: '' }, 6),
        m: b.did({ 4: '' }, 6),
        z: c.did({ 0: '100:1=1', 1: '100:1=1', 2: '100:1=1', 3: '100:1=2' }, 6),
      },
      '-------p-qr-----t|',
      { p: '<1 +1 ?0', q: '<2 +1 ?0', r: '<3 +1 ?0', t: '<6 +0 ?3 3/100:a1b1c2' },
    );
  });

  test('waits with a last turn for its exit handlers, in whatever pieces they come', () => {
    const { a, b, joined } = replicas();
    marbles(
      'AB-xy-zw-ve-u|',
      {
        ...joined,
        x: a.did({ 0: '100:1=1' }, 1),
        y: b.did({ 0: '100:1=1' }, 1),
        z: a.did({ 0: '150:1=1' }, 1),
        w: a.did({ 0: '!2:0=0' }, 1),
        v: a.ended('complete'),
        e: b.did({ 0: '150:1=1 !2:0=0' }, 1),
        u: b.ended('complete'),
      },
      '------------v|',
      { v: '<1 +2 ?0' },
    );
  });

  test('reports what is certain in a last turn at once, and only once', () => {
    const { a, b, c, joined } = replicas();
    marbles(
      'ABC-xyz-w--v|',
      {
        ...joined,
        x: a.did({ 0: '100:1=1 101:1=1' }, 1),
        y: b.did({ 0: '100:1=1 101:1=1' }, 1),
        z: c.did({ 0: '100:1=1 800:5=5 101:1=1' }, 1),
        w: a.did({ 1: '' }, 3),
        v: { type: 'over' },
      },
      '------p-q---|',
      { p: '<0 +0 ?0 0/800:a-b-c5', q: '<1 +2 ?0' },
    );
  });

  test('compares up to the last finished turn of a leader that was killed', () => {
    const { a, b, c, joined } = replicas();
    marbles(
      'ABC-x-y-z-e|',
      {
        ...joined,
        x: a.did({ 0: '100:1=1', 1: '100:1=1' }, 1),
        y: b.did({ 0: '100:1=1', 1: '100:1=2' }, 2),
        z: c.did({ 0: '100:1=1', 1: '100:1=1' }, 2),
        e: a.ended('lost'),
      },
      '--------v--|',
      { v: '<1 +1 ?0' },
    );
  });

  test('does not hold against a killed follower what it had no time to do', () => {
    const { a, b, c, joined } = replicas();
    marbles(
      'ABC-x-y-e-z|',
      {
        ...joined,
        x: a.did({ 0: '100:1=1', 1: '100:1=1 101:1=1' }, 3),
        y: b.did({ 0: '100:1=1', 1: '100:1=1' }, 2),
        z: c.did({ 0: '100:1=1', 1: '100:1=1 101:1=1' }, 3),
        e: b.ended('lost'),
      },
      '----------v|',
      { v: '<3 +2 ?1' },
    );
  });

  test('goes on with the others when a follower has ended', () => {
    const { a, b, c, joined } = replicas();
    marbles(
      'ABC-x-y-e-z|',
      {
        ...joined,
        x: a.did({ 0: '100:1=1', 1: '100:1=1' }, 4),
        y: c.did({ 0: '100:1=1', 1: '100:1=3' }, 4),
        e: b.ended('lost'),
        z: c.did({}, 4),
      },
      '--------v--|',
      { v: '<4 +1 ?0 1/100:a1c3' },
    );
  });

  test('holds a bounded number of bytes and reads the rest back in order', () => {
    const [a, b] = [new Script('a'), new Script('b')];
    const turns = 300;
    const kept: RecordBatch[] = [];
    const joiner = new Joiner({
      log: 'main',
      openBytes: 4096,
      readBack: (_, sequence) => kept.filter(({ header }) => header.first >= sequence).slice(0, 5),
    });
    joiner.take(a.joined());
    joiner.take(b.joined());
    for (let turn = 0; turn < turns; turn++) {
      const event = a.did({ [turn]: '100:1=1 101:2=2' }, turn + 1);
      if (event.type === 'batch') kept.push(event.batch);
      expect(joiner.take(event)).toBeNull();
    }
    let matched = 0;
    for (let turn = 0; turn < turns; turn++) {
      matched += joiner.take(b.did({ [turn]: '100:1=1 101:2=2' }, turn + 1))?.matched ?? 0;
    }
    joiner.take(a.ended('complete'));
    matched += joiner.take(b.ended('complete'))?.matched ?? 0;
    expect(matched).toBe(turns * 2);
  });
});
