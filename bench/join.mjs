/**
 * Records a second through `joinByCallId` with three matching replicas, against a plain loop that decodes
 * the same batches and reads every field. In turn, round by round; the ratio is the figure.
 *
 *   node bench/join.mjs [--rounds 9] [--turns 60000] [--short]
 */
import { apiId, encodeBatch, RecordBatch, RecordKind } from '@lockstep/protocol';
// The operator is what is measured; the collector does not export it.
import { joinByCallId } from '../collector/dist/join/join-by-call-id.js';
import { timeOwnThread } from './lib/cpu.mjs';
import { readSettings, report } from './lib/settings.mjs';
import { median, ratios, spread, table } from './lib/stats.mjs';

const settings = readSettings({ rounds: 9, turns: 60_000 }, { rounds: 5, turns: 30_000 });

const REPLICAS = ['a', 'b', 'c'];
/** Records of a turn, the delivery's own among them; turns of a batch. */
const RECORDS_PER_TURN = 6;
const TURNS_PER_BATCH = 100;
const READ = apiId('fs.readFile');
const DELIVERY = apiId('http.server.request');

/** One replica's batches as they come from the wire; all replicas send the same. */
function makeFrames() {
  const frames = [];
  for (let turn = 1; turn <= settings.turns; turn += TURNS_PER_BATCH) {
    const records = [];
    for (let at = 0; at < TURNS_PER_BATCH * RECORDS_PER_TURN; at++) {
      records.push(recordOf(turn + Math.floor(at / RECORDS_PER_TURN), at % RECORDS_PER_TURN));
    }
    const first = (turn - 1) * RECORDS_PER_TURN;
    const finishedTurns = turn + TURNS_PER_BATCH;
    const total = first + records.length;
    const header = { flags: 0, stream: 0, first, finishedTurns, total, turnBase: turn };
    frames.push(encodeBatch(header, records));
  }
  return frames;
}

function recordOf(turn, ordinal) {
  const isDelivery = ordinal === 0;
  const targetLo = Math.imul(turn + ordinal, 0x9e3779b1) >>> 0;
  const digestLo = Math.imul(turn * 8 + ordinal, 0x85ebca6b) >>> 0;
  return {
    ...{ targetLo, targetHi: 1, digestLo, digestHi: 2, digestLo2: 0, digestHi2: 0 },
    ...{ turn, parentTurn: turn - 1, ordinal, flags: 0 },
    ...(isDelivery
      ? { api: DELIVERY, kind: RecordKind.turn }
      : { api: READ, kind: RecordKind.call }),
  };
}

/** A source that is pushed by hand, as the operator takes one. */
function source() {
  let observer;
  return {
    subscribe: (given) => {
      observer = given;
      return { unsubscribe: () => undefined };
    },
    next: (event) => observer.next(event),
  };
}

/** CPU seconds for all replicas' batches through the join; every call must match. */
function join(frames) {
  const events = source();
  let matched = 0;
  const readBack = () => [];
  joinByCallId({ log: 'main', openBytes: 64 * 1024 * 1024, readBack })(events).subscribe(
    (batch) => {
      matched += batch.matched;
    },
  );
  REPLICAS.forEach((replica, index) => {
    const role = index === 0 ? 'leader' : 'follower';
    events.next({ type: 'joined', replica, role, absences: [] });
  });
  const nanoseconds = timeOwnThread(() => {
    for (const frame of frames) {
      for (const replica of REPLICAS) {
        events.next({ type: 'batch', replica, batch: RecordBatch.decode(frame) });
      }
    }
  });
  // The last turn stays open until its replicas have ended.
  const expected = (settings.turns - 1) * (RECORDS_PER_TURN - 1);
  if (matched < expected) throw new Error(`${matched} calls matched, ${expected} were made`);
  return nanoseconds / 1e9;
}

/** CPU seconds for decoding the same batches and reading each field of each record. */
function decode(frames) {
  let sum = 0;
  const nanoseconds = timeOwnThread(() => {
    for (const frame of frames) {
      for (const _ of REPLICAS) sum += read(RecordBatch.decode(frame));
    }
  });
  if (!Number.isFinite(sum)) throw new Error('nothing was read');
  return nanoseconds / 1e9;
}

function read(batch) {
  let sum = 0;
  for (let at = 0; at < batch.count; at++) {
    batch.select(at);
    sum += batch.targetLo + batch.targetHi + batch.digestLo + batch.digestHi;
    sum += batch.turn + batch.parentTurn + batch.ordinal + batch.api + batch.kind + batch.flags;
  }
  return sum;
}

const frames = makeFrames();
join(frames);
decode(frames);
const joined = [];
const decoded = [];
for (let round = 0; round < settings.rounds; round++) {
  joined.push(join(frames));
  decoded.push(decode(frames));
}
const millions = (settings.turns * RECORDS_PER_TURN * REPLICAS.length) / 1e6;
const perSecond = (times) => times.map((seconds) => millions / seconds);
const share = ratios(joined, decoded);
table(`Join, ${settings.rounds} rounds of ${millions.toFixed(2)} M records (min / median / max)`, [
  ['', 'M records a CPU second'],
  ['joinByCallId, three replicas', spread(perSecond(joined), 1)],
  ['decode and read only', spread(perSecond(decoded), 1)],
  ['ratio of times, join to decode', spread(share)],
]);
report([
  {
    what: 'join of three matching replicas, M records/s',
    value: median(perSecond(joined)).toFixed(1),
    ratio: `${median(share).toFixed(2)} x the time of decoding`,
  },
]);
