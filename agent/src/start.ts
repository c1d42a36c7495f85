/**
 * Puts the agent together in one thread of a replica: door, hooks, and in a follower the engine that runs
 * the log. Called by `register` (and by tests, with a transport of their own) before the service's code.
 */
import { type LogSeed, Role } from '@lockstep/protocol';
import type { Door, DoorParts } from './core/door.ts';
import type { HookContext } from './core/hook-context.ts';
import type { Inbox, Outbox } from './core/outbox.ts';
import { CoverageReport } from './core/patch.ts';
import { NodePlatform } from './core/platform.ts';
import { FollowerDoor } from './follower/follower-door.ts';
import { endFollower, watchFollowerExit } from './follower/follower-exit.ts';
import { LogReader } from './follower/log-reader.ts';
import { Pump } from './follower/pump.ts';
import { installHooks } from './hooks/install.ts';
import { LeaderDoor } from './leader/leader-door.ts';
import { watchLeaderExit } from './leader/leader-exit.ts';

/** What `startAgent` needs. */
export interface AgentParts {
  readonly role: Role;
  readonly logName: string;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly keys: AgentKeys;
  /** Hands the last bytes on, blocking at most so long. */
  readonly drain: (ms: number) => boolean;
}

/** Keys that the application thread uses itself. */
export interface AgentKeys {
  readonly target: LogSeed;
  /** Four words that seed `Math.random`. */
  readonly random: Uint32Array;
}

/** A started agent. */
export interface StartedAgent {
  readonly door: Door;
  readonly report: CoverageReport;
}

/** Starts the agent; in a follower, blocks until the entry turn is in the log. */
export function startAgent(parts: AgentParts): StartedAgent {
  const report = new CoverageReport();
  const platform = new NodePlatform();
  const doorParts: DoorParts = {
    outbox: parts.outbox,
    logName: parts.logName,
    targetKey: parts.keys.target,
  };
  if (parts.role === Role.leader) {
    const door = new LeaderDoor(doorParts, platform);
    installHooks({ door, report, platform }, parts.keys.random);
    watchLeaderExit(door, parts.drain);
    return { door, report };
  }
  const door = new FollowerDoor(doorParts, platform);
  const context: HookContext = { door, report, platform };
  startFollower(parts, door, () => installHooks(context, parts.keys.random));
  return { door, report };
}

function startFollower(parts: AgentParts, door: FollowerDoor, install: () => void): void {
  const { inbox, outbox } = parts;
  const log = new LogReader(inbox);
  const exit = watchFollowerExit(door, outbox, log, parts.drain);
  const pump = new Pump({ door, log, inbox, outbox, onEnd: (end) => endFollower(exit, end) });
  pump.enter();
  install();
  pump.start();
}
