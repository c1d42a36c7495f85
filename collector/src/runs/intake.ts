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
import type { RunLog } from './run-log.ts';

/** A connection carries one log, as its stream 0; frames of others are refused. */
const ONLY_STREAM = 0;

/** Takes a binary frame; answers a refusal after which the connection is closed. */
export function takeBytes(log: RunLog, replica: Replica, bytes: Uint8Array): Refusal | null {
  if (log.isClosed) return null;
  try {
    const header = readFrameHeader(bytes);
    if (header.stream !== ONLY_STREAM) {
      return refusal('MALFORMED_FRAME', { why: `stream ${header.stream} was not announced` });
    }
    if (header.kind === FrameKind.records) return takeRecords(log, replica, header, bytes);
    if (replica.role !== Role.leader) {
      return refusal('MALFORMED_FRAME', { why: 'a follower sent a frame of the log' });
    }
    return takeLog(log, replica, header, bytes);
  } catch (error) {
    if (error instanceof SpoolUnwritable) return passOver(log, replica, bytes, error);
    if (!(error instanceof MalformedBytes)) throw error;
    return refusal('MALFORMED_FRAME', { why: error.message });
  }
}

/** The disk is full: as with a run over its limit, following ends and the agent need not keep the frame. */
function passOver(log: RunLog, replica: Replica, bytes: Uint8Array, why: SpoolUnwritable): null {
  const { kind, first, count } = readFrameHeader(bytes);
  loseLog(log, Reason.spoolFull, why.message);
  if (kind === FrameKind.records) log.files.replica(replica.id).skipTo(first + count);
  else log.files.log.skipTo(first + 1);
  return null;
}

/** What is held of a replica's streams: the agent may forget it. */
export function positionsOf(log: RunLog, replica: Replica): readonly StreamPosition[] {
  return [
    {
      stream: ONLY_STREAM,
      records: log.files.replica(replica.id).next,
      logFrames: log.files.log.next,
    },
  ];
}

function hole(replica: Replica, first: number, expected: number): Refusal {
  return refusal('FRAME_HOLE', { stream: ONLY_STREAM, replica: replica.id, first, expected });
}

function takeRecords(
  log: RunLog,
  replica: Replica,
  header: FrameHeader,
  bytes: Uint8Array,
): Refusal | null {
  const spool = log.files.replica(replica.id);
  const { first, count } = header;
  if (first < spool.next) {
    return first + count > spool.next ? hole(replica, first, spool.next) : null;
  }
  if (first > spool.next) return hole(replica, first, spool.next);
  if (!hasRoom(log, bytes)) {
    spool.skipTo(first + count);
    return null;
  }
  takeBatch(log, replica, spool.append(bytes, header));
  return null;
}

/** Counts a batch and hands it to the join; also the way of those read back after a restart. */
export function takeBatch(log: RunLog, replica: Replica, batch: RecordBatch): void {
  const { finishedTurns } = batch.header;
  const now = log.clock.now();
  countRecords(replica, batch);
  if (finishedTurns > replica.finishedTurns) {
    replica.finishedTurns = finishedTurns;
    if (replica.role === Role.leader) log.lagSamples.note(finishedTurns, now);
    else replica.lagMs = log.lagSamples.lag(finishedTurns, now);
    progressed(log, replica);
  }
  if (batch.count > 0) replica.progressAt = now;
  if (!replica.hasEnded) {
    log.judgement.events.next({ type: 'batch', replica: replica.id, batch });
  }
  log.run.isDirty = true;
}

function countRecords(replica: Replica, batch: RecordBatch): void {
  for (let i = 0; i < batch.count; i++) {
    const { kind } = batch.select(i);
    if (isCall(kind)) replica.calls++;
    else if (kind === RecordKind.exit) replica.hasExitRecord = true;
  }
}

function progressed(log: RunLog, replica: Replica): void {
  replica.progressAt = log.clock.now();
  if (!replica.isLagging) return;
  replica.isLagging = false;
  const { kind, key, cause } = laggingFinding(replica.id, replica.lags, 0);
  log.judgement.resolve(cause, log.judgement.alertId(kind, key));
  log.changed();
}

function takeLog(
  log: RunLog,
  replica: Replica,
  header: FrameHeader,
  bytes: Uint8Array,
): Refusal | null {
  const kept = log.files.log;
  if (header.first < kept.next) return null;
  if (header.first > kept.next) return hole(replica, header.first, kept.next);
  if (!hasRoom(log, bytes)) {
    kept.skipTo(header.first + 1);
    return null;
  }
  kept.append(header, bytes);
  for (const relay of log.relays.values()) relay.pump();
  return null;
}

/** False once the run's spool is full: followers are ended then, and the service is not held. */
function hasRoom(log: RunLog, bytes: Uint8Array): boolean {
  if (log.isFull) return false;
  if (log.run.spool.hasRoomFor(bytes)) return true;
  loseLog(log, Reason.spoolFull, `its spool has reached ${log.limits.spoolBytes} bytes`);
  return false;
}
