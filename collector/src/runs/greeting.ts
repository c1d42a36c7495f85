/**
 * A replica says hello: what it lost is noted, its start compared with the leader's, and a follower is fed
 * from where it stands. Whoever arrives first is welcome; the comparison waits for the leader.
 */
import { type HelloFrame, PROTOCOL_VERSION, Reason, Role } from '@lockstep/protocol';
import { refusal } from '../errors.ts';
import { LogRelay } from '../ingest/log-relay.ts';
import { coverageDifference, differingFields } from '../ingest/setting.ts';
import { coverageFinding, setupFinding, silentFinding } from '../judge/replica-findings.ts';
import type { AgentLink } from './agent-link.ts';
import { dismiss, logEnd, loseLog } from './endings.ts';
import { positionsOf } from './intake.ts';
import type { Replica } from './replica.ts';
import type { RunLog } from './run-log.ts';

/** Differing fields that are named one by one. */
const MAX_FIELDS = 20;

/** Welcomes an admitted replica. Its token goes no further than this. */
export function greet(log: RunLog, replica: Replica, frame: HelloFrame, link: AgentLink): void {
  const { token: _, ...hello } = frame;
  const previous = replica.link;
  replica.link = link;
  previous?.finish();
  log.write(replica, hello);
  replica.hello = hello;
  replica.connectedAt = log.clock.now();
  replica.progressAt = log.clock.now();
  log.run.noteDrill(hello.drill);
  heard(log, replica);
  noteLost(log, replica, frame);
  link.send({ type: 'welcome', version: PROTOCOL_VERSION, positions: positionsOf(log, replica) });
  compareStart(log, replica);
  feed(log, replica, frame);
  log.changed();
}

/** A replica that was silent is back. */
export function heard(log: RunLog, replica: Replica): void {
  replica.heardAt = log.clock.now();
  if (!replica.isSilent) return;
  replica.isSilent = false;
  const from = log.judgement.decidedTurns;
  log.write(replica, { type: 'absence', from, until: from });
  log.judgement.events.next({ type: 'back', replica: replica.id });
  const { kind, key, cause } = silentFinding(replica.id, replica.silences, '');
  log.judgement.resolve(cause, log.judgement.alertId(kind, key));
  log.changed();
}

/** What the agent can no longer send and the collector does not hold is lost: a gap, or the log's end. */
function noteLost(log: RunLog, replica: Replica, { positions }: HelloFrame): void {
  const main = positions.find(({ stream }) => stream === 0);
  if (main === undefined) return;
  const spool = log.files.replica(replica.id);
  const records = spool.skipTo(main.records);
  if (records > 0) {
    const lost = { type: 'lost', turn: spool.finishedTurns, first: main.records, records } as const;
    log.write(replica, lost);
    log.judgement.events.next({ ...lost, replica: replica.id });
  }
  const kept = log.files.log;
  if (replica.role !== Role.leader || main.logFrames <= kept.next) return;
  kept.skipTo(main.logFrames);
  loseLog(log, Reason.gap, 'a part of the log was lost between the leader and the collector');
}

function compareStart(log: RunLog, replica: Replica): void {
  const { leader } = log;
  if (leader?.hello === null || leader === undefined) return;
  const compared = replica.role === Role.leader ? log.followers : [replica];
  for (const follower of compared) compareWith(log, leader, follower);
}

function compareWith(log: RunLog, leader: Replica, follower: Replica): void {
  if (leader.hello === null || follower.hello === null || follower.hasEnded) return;
  const difference = coverageDifference(leader.hello.coverage, follower.hello.coverage);
  if (difference !== null) log.raise([coverageFinding(follower.id, difference, leader.id)]);
  const fields = differingFields(leader.hello.setting, follower.hello.setting);
  if (fields.length === 0 || follower.variant !== leader.variant) return;
  const named = fields.slice(0, MAX_FIELDS);
  follower.isRefused = true;
  log.blame(Reason.setupMismatch, null, `replica ${follower.id} differs in ${named.join(', ')}`);
  log.raise(named.map((field) => setupFinding(follower.id, field, leader.id)));
  dismiss(log, follower, Reason.setupMismatch, `the initial setting differs: ${named.join(', ')}`);
  const refused = refusal('SETTING_DIFFERS', { replica: follower.id, fields: named.join(', ') });
  follower.link?.refuse(refused);
}

function feed(log: RunLog, replica: Replica, { positions }: HelloFrame): void {
  if (replica.role !== Role.follower || replica.hasEnded || replica.link === null) return;
  const from = positions.find(({ stream }) => stream === 0)?.logFrames ?? 0;
  const kept = log.files.log;
  if (log.isFull || from < kept.base || from > kept.next) {
    dismiss(log, replica, Reason.gap, 'the collector does not hold the log from where it stands');
    return;
  }
  log.relays.get(replica.id)?.stop();
  const relay = new LogRelay(kept, replica.link, from, log.limits.relayBytes);
  log.relays.set(replica.id, relay);
  if (log.leader?.hasEnded) relay.close(logEnd(log));
  else relay.pump();
}
