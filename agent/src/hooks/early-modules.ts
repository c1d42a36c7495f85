/**
 * Node's `net` and `http` keep the timer functions that they find when they are first loaded. Loaded before
 * the timers are hooked (by another preload), their attempts to connect and their checks for slow requests
 * run on timers that no door sees: said in the coverage, for it shows only in those two.
 */
import type { CoverageReport } from '../core/patch.ts';

const keepers: ReadonlyMap<string, string> = new Map([
  ['NativeModule net', 'net.connect (autoSelectFamily)'],
  ['NativeModule _http_server', 'http.Server (request timeouts)'],
]);

/** Call it before the first hook. */
export function reportEarlyModules(report: CoverageReport): void {
  const { moduleLoadList } = process as unknown as { moduleLoadList?: readonly string[] };
  for (const loaded of moduleLoadList ?? []) {
    const api = keepers.get(loaded);
    if (api !== undefined) report.miss(api, 'its module was loaded before the timers were hooked');
  }
}
