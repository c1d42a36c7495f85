/** What every hook gets: the door, the coverage report, and how Node's classes travel. */
import type { Door } from './door.ts';
import type { CoverageReport } from './patch.ts';
import type { NodePlatform } from './platform.ts';

export interface HookContext {
  readonly door: Door;
  readonly report: CoverageReport;
  readonly platform: NodePlatform;
}
