/**
 * The judgement of one log, from batches to incidents, on one screen: join by call identifier, name the
 * odd one out, pair changed targets, fold into incidents, publish, ask for evidence. Synchronous up to
 * the publishing, so an alert leaves in the tick in which the last record came.
 */
import { type AlertView, MAX_EVIDENCE_CALLS } from '@lockstep/protocol';
// biome-ignore lint/suspicious/noDeprecatedImports: only their overloads with a `thisArg` or three callbacks are
import { filter, map, Subject, tap } from 'rxjs';
import type { Clock } from '../clock.ts';
import type { JoinEvent, VerdictBatch } from '../join/events.ts';
import { joinByCallId } from '../join/join-by-call-id.ts';
import { attribute } from '../judge/attribution.ts';
import { EvidenceDesk } from '../judge/evidence-desk.ts';
import { callFinding, type Finding } from '../judge/finding.ts';
import { gather } from '../judge/gather.ts';
import type { Incident } from '../judge/incident.ts';
import type { IncidentBook, Raised } from '../judge/incident-book.ts';
import { pairTargets } from '../judge/pair-targets.ts';
import { gapFinding } from '../judge/replica-findings.ts';
import type { Limits } from '../limits.ts';
import type { LogFiles } from '../spool/log-files.ts';
import { isoTime } from './iso-time.ts';
import type { Replica } from './replica.ts';

/** Records of a turn that evidence looks at. */
const MAX_TURN_RECORDS: number = MAX_EVIDENCE_CALLS * 64;

export interface JudgementOptions {
  /** Name of the log. */
  readonly log: string;
  /** The run's incidents: one suspect is one incident, whichever log it shows in. */
  readonly book: IncidentBook;
  readonly files: LogFiles;
  readonly replicas: ReadonlyMap<string, Replica>;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly leader: () => string;
  readonly publish: (alerts: readonly AlertView[], incidents: readonly Incident[]) => void;
  /** The last evidence that was asked for has come. */
  readonly idle: () => void;
  /** Something of ours failed; the run goes on. */
  readonly report: (what: string, cause: unknown) => void;
}

export class Judgement {
  readonly events: Subject<JoinEvent> = new Subject();
  readonly book: IncidentBook;
  readonly desk: EvidenceDesk;
  decidedTurns = 0;
  matched = 0;
  unknown = 0;
  gaps = 0;
  /** Identifiers on which replicas did not agree. */
  diverged = 0;
  /** Evidence being gathered. */
  gathering = 0;
  /** While history is judged again nothing is published and nobody asked. */
  isReplaying: boolean = false;
  private readonly options: JudgementOptions;
  private readonly later: Raised[] = [];

  constructor(options: JudgementOptions) {
    const { log, book, limits, files, clock } = options;
    this.options = options;
    this.book = book;
    this.desk = new EvidenceDesk(clock, limits.evidenceMs);
    this.events
      .pipe(
        joinByCallId({
          log,
          openBytes: limits.openBytes,
          readBack: (replica, sequence) => files.replica(replica).read(sequence),
        }),
        tap((verdicts) => this.count(verdicts)),
        map((verdicts) => this.findings(verdicts)),
        filter((findings) => findings.length > 0),
      )
      .subscribe((findings) => this.raise(findings));
  }

  /** Folds findings into incidents, publishes what is new, asks for evidence of the first. */
  raise(findings: readonly Finding[]): void {
    const raised = this.book.fold(this.options.log, findings, isoTime(this.options.clock.now()));
    if (this.isReplaying) {
      this.later.push(...raised.filter(({ incident }) => this.mayAsk(incident)));
      return;
    }
    if (raised.length === 0) return;
    this.publish(raised.map(({ alert }) => alert));
    for (const one of raised) this.gatherFor(one);
  }

  /** Identifier of the alert that a finding of this log with this kind and key has or will have. */
  alertId(kind: string, key: string): string {
    return this.book.alertId(this.options.log, kind, key);
  }

  /** The condition behind an alert has passed. */
  resolve(cause: string, alertId: string): void {
    const incident = this.book.byCause(cause);
    const alert = incident?.alerts.find(({ id }) => id === alertId);
    if (incident === undefined || alert === undefined || alert.resolvedAt !== null) return;
    const resolved = { ...alert, resolvedAt: isoTime(this.options.clock.now()) };
    incident.replace(resolved);
    if (!this.isReplaying) this.publish([resolved]);
  }

  /** Asks for the evidence of what was found again in history and never answered. */
  gatherLater(isOver: boolean): void {
    for (const raised of this.later.splice(0)) {
      if (!isOver && raised.incident.gathered.evidence.length === 0) this.gatherFor(raised);
    }
  }

  /** Publishes incidents whose counts changed since. */
  publishDirty(): void {
    if (this.book.all().some(({ isDirty }) => isDirty)) this.publish([]);
  }

  private findings({ divergences, gaps }: VerdictBatch): readonly Finding[] {
    const leader = this.options.leader();
    const attributed = divergences.flatMap((divergence) => attribute(divergence, leader));
    const partners = pairTargets(attributed);
    return [
      ...gaps.map(({ replica, turn, records }) => gapFinding(replica, turn, records)),
      ...attributed.map((one, index) => callFinding(one, partners[index] ?? null)),
    ];
  }

  private count(verdicts: VerdictBatch): void {
    this.decidedTurns = verdicts.decidedTurns;
    this.matched += verdicts.matched;
    this.unknown += verdicts.unknown;
    this.gaps += verdicts.gaps.length;
    this.diverged += verdicts.divergences.length;
    for (const [id, matched] of verdicts.matchedBy) {
      const replica = this.options.replicas.get(id);
      if (replica !== undefined) replica.matched += matched;
    }
    for (const { replica } of verdicts.gaps) {
      const lossy = this.options.replicas.get(replica);
      if (lossy !== undefined) lossy.gaps++;
    }
  }

  private publish(alerts: readonly AlertView[]): void {
    const dirty = this.book.all().filter(({ isDirty }) => isDirty);
    for (const incident of dirty) incident.isDirty = false;
    this.options.publish(alerts, dirty);
  }

  private mayAsk(incident: Incident): boolean {
    return incident.asked < this.options.limits.evidencePerIncident;
  }

  private gatherFor(raised: Raised): void {
    const { divergence } = raised.finding;
    if (divergence === null || !this.mayAsk(raised.incident)) return;
    raised.incident.asked++;
    this.gathering++;
    const { log, files, replicas, clock, leader } = this.options;
    const answer = gather(raised, divergence, {
      log,
      leader: leader(),
      read: (replica, turn) => files.replica(replica).turn(turn, MAX_TURN_RECORDS),
      ask: (id, calls) => {
        const replica = replicas.get(id);
        return replica === undefined ? Promise.resolve(null) : this.desk.ask(replica, calls);
      },
      now: () => isoTime(clock.now()),
    });
    void answer
      .then((alert) => this.publish([alert]))
      .catch((cause: unknown) => this.options.report('evidence could not be gathered', cause))
      .finally(() => {
        this.gathering--;
        if (this.gathering === 0) this.options.idle();
      });
  }
}
