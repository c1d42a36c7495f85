/** What every hook gets: the door, the coverage report, and how Node's classes travel. */

import type { LoadedCode } from '../hooks/modules/loaded-code.ts';
import type { ChildLogs } from './child-logs.ts';
import type { Door } from './door.ts';
import type { CoverageReport } from './patch.ts';
import type { NodePlatform } from './platform.ts';

export interface HookContext {
  readonly door: Door;
  readonly report: CoverageReport;
  readonly platform: NodePlatform;
  /** Native add-ons are loaded in followers too: whoever started the run vouches for them. */
  readonly allowAddons: boolean;
  /** Names the logs of children; null where children are not followed. */
  readonly childLogs: ChildLogs | null;
  /** Files that are loaded as payloads of a drill: their own loading is not compared. */
  readonly payloads: Set<string>;
  /** What the module loaders are at, and which code travels. */
  readonly code: LoadedCode;
  /**
   * Runs `then` once the values of the entry turn are at hand: at once in the leader, after the log's first
   * turn has arrived in a follower. For values that are read while hooks are installed (`process.pid`).
   */
  onEntry(then: () => void): void;
}
