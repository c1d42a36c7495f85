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
import type { Run } from './run.ts';

/** Differing fields that are named one by one. */
const MAX_FIELDS = 20;

/** Welcomes an admitted replica. Its token goes no further than this. */
export function greet(run: Run, replica: Replica, frame: HelloFrame, link: AgentLink): void {
  const { token: _, ...hello } = frame;
  const previous = replica.link;
  replica.link = link;
  previous?.finish();
  run.write(replica, hello);
  replica.hello = hello;
  replica.connectedAt = run.clock.now();
  replica.progressAt = run.clock.now();
  run.facts.drill ||= hello.drill;
  heard(run, replica);
  noteLost(run, replica, frame);
  link.send({ type: 'welcome', version: PROTOCOL_VERSION, positions: positionsOf(run, replica) });
  compareStart(run, replica);
  feed(run, replica, frame);
  run.changed();
}

/** A replica that was silent is back. */
export function heard(run: Run, replica: Replica): void {
  replica.heardAt = run.clock.now();
  if (!replica.isSilent) return;
  replica.isSilent = false;
  const from = run.judgement.decidedTurns;
  run.write(replica, { type: 'absence', from, until: from });
  run.judgement.events.next({ type: 'back', replica: replica.id });
  const { kind, key, cause } = silentFinding(replica.id, replica.silences, '');
  run.judgement.resolve(cause, run.judgement.book.alertId(kind, key));
  run.changed();
}

/** What the agent can no longer send and the collector does not hold is lost: a gap, or the log's end. */
function noteLost(run: Run, replica: Replica, { positions }: HelloFrame): void {
  const main = positions.find(({ stream }) => stream === 0);
  if (main === undefined) return;
  const spool = run.spool.replica(replica.id);
  const records = spool.skipTo(main.records);
  if (records > 0) {
    const lost = { type: 'lost', turn: spool.finishedTurns, first: main.records, records } as const;
    run.write(replica, lost);
    run.judgement.events.next({ ...lost, replica: replica.id });
  }
  const { log } = run.spool;
  if (replica.role !== Role.leader || main.logFrames <= log.next) return;
  log.skipTo(main.logFrames);
  loseLog(run, Reason.gap, 'a part of the log was lost between the leader and the collector');
}

function compareStart(run: Run, replica: Replica): void {
  const { leader } = run;
  if (leader?.hello === null || leader === undefined) return;
  const compared = replica.role === Role.leader ? run.followers : [replica];
  for (const follower of compared) compareWith(run, leader, follower);
}

function compareWith(run: Run, leader: Replica, follower: Replica): void {
  if (leader.hello === null || follower.hello === null || follower.hasEnded) return;
  const difference = coverageDifference(leader.hello.coverage, follower.hello.coverage);
  if (difference !== null) run.raise([coverageFinding(follower.id, difference, leader.id)]);
  const fields = differingFields(leader.hello.setting, follower.hello.setting);
  if (fields.length === 0 || follower.variant !== leader.variant) return;
  const named = fields.slice(0, MAX_FIELDS);
  follower.isRefused = true;
  run.blame(Reason.setupMismatch, null, `replica ${follower.id} differs in ${named.join(', ')}`);
  run.raise(named.map((field) => setupFinding(follower.id, field, leader.id)));
  dismiss(run, follower, Reason.setupMismatch, `the initial setting differs: ${named.join(', ')}`);
  const refused = refusal('SETTING_DIFFERS', { replica: follower.id, fields: named.join(', ') });
  follower.link?.refuse(refused);
}

function feed(run: Run, replica: Replica, { positions }: HelloFrame): void {
  if (replica.role !== Role.follower || replica.hasEnded || replica.link === null) return;
  const from = positions.find(({ stream }) => stream === 0)?.logFrames ?? 0;
  const { log } = run.spool;
  if (run.isFull || from < log.base || from > log.next) {
    dismiss(run, replica, Reason.gap, 'the collector does not hold the log from where it stands');
    return;
  }
  run.relays.get(replica.id)?.stop();
  const relay = new LogRelay(log, replica.link, from, run.limits.relayBytes);
  run.relays.set(replica.id, relay);
  if (run.leader?.hasEnded) relay.close(logEnd(run));
  else relay.pump();
}
