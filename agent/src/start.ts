/**
 * Puts the agent together in one thread of a replica: door, hooks, and in a follower the engine that runs
 * the log. Called by `register` (and by tests, with a transport of their own) before the service's code.
 */
import { type Coverage, type LogSeed, Role } from '@lockstep/protocol';
import type { ChildLogs } from './core/child-logs.ts';
import type { Door, DoorParts } from './core/door.ts';
import type { HookContext } from './core/hook-context.ts';
import { CoverageReport } from './core/patch.ts';
import { NodePlatform } from './core/platform.ts';
import { hookStacks } from './core/stack-view.ts';
import { payload, watchDrills } from './drills.ts';
import { FollowerDoor } from './follower/follower-door.ts';
import { endFollower, watchFollowerExit } from './follower/follower-exit.ts';
import { LogReader } from './follower/log-reader.ts';
import { Pump } from './follower/pump.ts';
import { installHooks } from './hooks/install.ts';
import { LoadedCode } from './hooks/modules/loaded-code.ts';
import { LeaderDoor } from './leader/leader-door.ts';
import { watchLeaderExit } from './leader/leader-exit.ts';
import type { Inbox, Outbox } from './transport/index.ts';

/** What `startAgent` needs. */
export interface AgentParts {
  readonly role: Role;
  readonly logName: string;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly keys: AgentKeys;
  /** Hands the last bytes on, blocking at most so long. */
  readonly drain: (ms: number) => boolean;
  /** Hears what was hooked, before a follower waits for the log. */
  readonly onCoverage: (coverage: Coverage) => void;
  readonly allowDrills: boolean;
  readonly allowAddons: boolean;
  /** Longest wait of a leader's exit for its unsent bytes, milliseconds. */
  readonly exitWaitMs: number;
  /** Ways in that are left unhooked; for tests of the tests. */
  readonly without?: readonly string[];
  /** Names the logs of children; without it children are not followed. */
  readonly childLogs?: ChildLogs | null;
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
  /** Files that are loaded as payloads of a drill. */
  readonly payloads: Set<string>;
}

/** Starts the agent; in a follower, blocks until the entry turn is in the log. */
export function startAgent(parts: AgentParts): StartedAgent {
  const platform = new NodePlatform();
  const doorParts: DoorParts = {
    outbox: parts.outbox,
    logName: parts.logName,
    targetKey: parts.keys.target,
  };
  return parts.role === Role.leader
    ? startLeader(parts, new LeaderDoor(doorParts, platform), platform)
    : startFollower(parts, new FollowerDoor(doorParts, platform), platform);
}

function startLeader(parts: AgentParts, door: LeaderDoor, platform: NodePlatform): StartedAgent {
  const { context, entered } = hookContext(door, platform, parts);
  hookStacks(context, __filename);
  installHooks(context, parts.keys.random, parts.without);
  watchLeaderExit(door, parts.drain, parts.exitWaitMs);
  parts.onCoverage(context.report.view());
  entered();
  if (parts.allowDrills) watchDrills(door, parts.inbox, context.payloads);
  return { door, payloads: context.payloads };
}

function startFollower(
  parts: AgentParts,
  door: FollowerDoor,
  platform: NodePlatform,
): StartedAgent {
  const { inbox, outbox } = parts;
  const { context, entered } = hookContext(door, platform, parts);
  const log = new LogReader(inbox);
  const exit = watchFollowerExit(door, outbox, log, parts.drain);
  const pump = new Pump({ door, log, inbox, outbox, onEnd: (end) => endFollower(exit, end) });
  if (parts.allowDrills) log.onDrill = (file) => pump.inject(payload(context.payloads, file));
  hookStacks(context, __filename);
  installHooks(context, parts.keys.random, parts.without);
  parts.onCoverage(context.report.view());
  pump.enter();
  entered();
  pump.start();
  return { door, payloads: context.payloads };
}

/** Hooks that read values while they are installed wait in `onEntry` until `entered` is called. */
function hookContext(
  door: Door,
  platform: NodePlatform,
  { allowAddons, childLogs = null }: AgentParts,
): { context: HookContext; entered: () => void } {
  const waiting: (() => void)[] = [];
  const context: HookContext = {
    door,
    platform,
    allowAddons,
    childLogs,
    report: new CoverageReport(),
    payloads: new Set(),
    code: new LoadedCode(door),
    onEntry: (then) => waiting.push(then),
  };
  return {
    context,
    entered: () => {
      for (const then of waiting) then();
    },
  };
}
