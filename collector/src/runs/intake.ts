/**
 * HOT. Binary frames of a replica: checked for order, appended to the spool, handed on. A duplicate is
 * ignored, a hole refused: after a reconnect the agent sends again from what is held.
 */
import {
  type FrameHeader,
  FrameKind,
  MalformedBytes,
  Reason,
  type RecordBatch,
  RecordKind,
  Role,
  readFrameHeader,
  type StreamPosition,
} from '@lockstep/protocol';
import { type Refusal, refusal } from '../errors.ts';
import { isCall } from '../join/equal-turn.ts';
import { laggingFinding } from '../judge/replica-findings.ts';
import { SpoolUnwritable } from '../spool/append-whole.ts';
import { loseLog } from './endings.ts';
import type { Replica } from './replica.ts';
import type { Run } from './run.ts';

/** Only the main log exists; frames of others are refused. */
const MAIN_STREAM = 0;

/** Takes a binary frame; answers a refusal after which the connection is closed. */
export function takeBytes(run: Run, replica: Replica, bytes: Uint8Array): Refusal | null {
  if (run.isClosed) return null;
  try {
    const header = readFrameHeader(bytes);
    if (header.stream !== MAIN_STREAM) {
      return refusal('MALFORMED_FRAME', { why: `stream ${header.stream} was not announced` });
    }
    if (header.kind === FrameKind.records) return takeRecords(run, replica, header, bytes);
    if (replica.role !== Role.leader) {
      return refusal('MALFORMED_FRAME', { why: 'a follower sent a frame of the log' });
    }
    return takeLog(run, replica, header, bytes);
  } catch (error) {
    if (error instanceof SpoolUnwritable) return passOver(run, replica, bytes, error);
    if (!(error instanceof MalformedBytes)) throw error;
    return refusal('MALFORMED_FRAME', { why: error.message });
  }
}

/** The disk is full: as with a run over its limit, following ends and the agent need not keep the frame. */
function passOver(run: Run, replica: Replica, bytes: Uint8Array, why: SpoolUnwritable): null {
  const { kind, first, count } = readFrameHeader(bytes);
  loseLog(run, Reason.spoolFull, why.message);
  if (kind === FrameKind.records) run.spool.replica(replica.id).skipTo(first + count);
  else run.spool.log.skipTo(first + 1);
  return null;
}

/** What is held of a replica's streams: the agent may forget it. */
export function positionsOf(run: Run, replica: Replica): readonly StreamPosition[] {
  const { spool } = run;
  return [
    { stream: MAIN_STREAM, records: spool.replica(replica.id).next, logFrames: spool.log.next },
  ];
}

function hole(replica: Replica, first: number, expected: number): Refusal {
  return refusal('FRAME_HOLE', { stream: MAIN_STREAM, replica: replica.id, first, expected });
}

function takeRecords(
  run: Run,
  replica: Replica,
  header: FrameHeader,
  bytes: Uint8Array,
): Refusal | null {
  const spool = run.spool.replica(replica.id);
  const { first, count } = header;
  if (first < spool.next) {
    return first + count > spool.next ? hole(replica, first, spool.next) : null;
  }
  if (first > spool.next) return hole(replica, first, spool.next);
  if (!hasRoom(run, bytes)) {
    spool.skipTo(first + count);
    return null;
  }
  takeBatch(run, replica, spool.append(bytes, header));
  return null;
}

/** Counts a batch and hands it to the join; also the way of those read back after a restart. */
export function takeBatch(run: Run, replica: Replica, batch: RecordBatch): void {
  const { finishedTurns } = batch.header;
  const now = run.clock.now();
  countRecords(replica, batch);
  if (finishedTurns > replica.finishedTurns) {
    replica.finishedTurns = finishedTurns;
    if (replica.role === Role.leader) run.lagSamples.note(finishedTurns, now);
    else replica.lagMs = run.lagSamples.lag(finishedTurns, now);
    progressed(run, replica);
  }
  if (batch.count > 0) replica.progressAt = now;
  if (!replica.hasEnded) {
    run.judgement.events.next({ type: 'batch', replica: replica.id, batch });
  }
  run.isDirty = true;
}

function countRecords(replica: Replica, batch: RecordBatch): void {
  for (let i = 0; i < batch.count; i++) {
    const { kind } = batch.select(i);
    if (isCall(kind)) replica.calls++;
    else if (kind === RecordKind.exit) replica.hasExitRecord = true;
  }
}

function progressed(run: Run, replica: Replica): void {
  replica.progressAt = run.clock.now();
  if (!replica.isLagging) return;
  replica.isLagging = false;
  const { kind, key, cause } = laggingFinding(replica.id, replica.lags, 0);
  run.judgement.resolve(cause, run.judgement.book.alertId(kind, key));
  run.changed();
}

function takeLog(
  run: Run,
  replica: Replica,
  header: FrameHeader,
  bytes: Uint8Array,
): Refusal | null {
  const { log } = run.spool;
  if (header.first < log.next) return null;
  if (header.first > log.next) return hole(replica, header.first, log.next);
  if (!hasRoom(run, bytes)) {
    log.skipTo(header.first + 1);
    return null;
  }
  log.append(header, bytes);
  for (const relay of run.relays.values()) relay.pump();
  return null;
}

/** False once the run's spool is full: followers are ended then, and the service is not held. */
function hasRoom(run: Run, bytes: Uint8Array): boolean {
  if (run.isFull) return false;
  if (run.spool.hasRoomFor(bytes)) return true;
  loseLog(run, Reason.spoolFull, `its spool has reached ${run.limits.spoolBytes} bytes`);
  return false;
}
