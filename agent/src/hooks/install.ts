/**
 * Installs every hook, in an order that matters: modules that Node's own code reads when it is first
 * loaded come first. ES modules see the replaced functions after `syncBuiltinESMExports`.
 */
import module from 'node:module';
import type { HookContext } from '../core/hook-context.ts';
import { hookAddons } from './addons/index.ts';
import { hookBlobs } from './blobs.ts';
import { hookChildProcess } from './child-process/index.ts';
import { hookClocks } from './clocks.ts';
import { hookContexts } from './contexts.ts';
import { hookCrypto } from './crypto/index.ts';
import { hookDatagrams } from './dgram/index.ts';
import { hookDns } from './dns.ts';
import { reportEarlyModules } from './early-modules.ts';
import { hideAgentFlags } from './exec-argv.ts';
import { hookFinalization } from './finalization.ts';
import { hookFs } from './fs/index.ts';
import { hookWatchers } from './fs/watchers.ts';
import { hookHttp } from './http/index.ts';
import { hookHttp2 } from './http2/index.ts';
import { hookMathRandom } from './math-random.ts';
import { hookModules } from './modules/index.ts';
import { NativeCalls } from './native/native-calls.ts';
import type { HandleTable } from './net/handle-table.ts';
import { hookNet } from './net/index.ts';
import { hookNotFollowed } from './not-followed.ts';
import { hookObservers } from './observers.ts';
import { hookOs } from './os.ts';
import { hookPerformanceTimes } from './performance.ts';
import { hookProcess } from './process.ts';
import { hookProcessBinding } from './process-binding.ts';
import { hookRandom } from './random.ts';
import { hookSignals } from './signals.ts';
import { hookSqlite } from './sqlite.ts';
import { hookStdio } from './stdio/index.ts';
import { hookThreads } from './threads/index.ts';
import { hookTimers } from './timers.ts';
import { hookTls } from './tls/index.ts';
import { hookWebAssembly } from './wasm.ts';
import { hookZlib } from './zlib.ts';

/** One way into JavaScript, and what hooks it. */
type Way = readonly [name: string, hook: (context: HookContext) => void];

/** All ways in, in the order in which they are hooked. `random` seeds `Math.random`. */
function ways(random: Uint32Array, natives: NativeCalls): readonly Way[] {
  let handles: HandleTable | null = null;
  return [
    ['timers', hookTimers],
    ['clocks', hookClocks],
    ['fs', hookFs],
    ['modules', hookModules],
    ['math-random', (context) => hookMathRandom(context, random)],
    ['random', hookRandom],
    ['process', hookProcess],
    ['os', hookOs],
    ['performance', hookPerformanceTimes],
    ['observers', hookObservers],
    ['exec-argv', () => hideAgentFlags(process.execArgv, __filename)],
    ['signals', hookSignals],
    ['stdio', hookStdio],
    ['zlib', hookZlib],
    ['crypto', hookCrypto],
    ['blobs', hookBlobs],
    ['wasm', hookWebAssembly],
    ['finalization', hookFinalization],
    ['contexts', hookContexts],
    ['threads', hookThreads],
    ['addons', (context) => hookAddons(context, natives)],
    ['sqlite', (context) => hookSqlite(context, natives)],
    ['not-followed', hookNotFollowed],
    ['dns', hookDns],
    [
      'net',
      (context) => {
        handles = hookNet(context, natives);
      },
    ],
    ['tls', (context) => hookTls(context, handles)],
    ['http', (context) => hookHttp(context, handles)],
    ['http2', (context) => hookHttp2(context, handles)],
    ['dgram', (context) => hookDatagrams(context, handles)],
    ['watchers', (context) => hookWatchers(context, handles)],
    ['child-process', (context) => hookChildProcess(context, handles)],
    ['process-binding', hookProcessBinding],
  ];
}

/**
 * Installs all hooks of this thread. `without`: ways that a test takes away, to prove that its case would
 * differ without them; each is said in the coverage.
 */
export function installHooks(
  context: HookContext,
  random: Uint32Array,
  without: readonly string[] = [],
): void {
  reportEarlyModules(context.report);
  for (const [name, hook] of ways(random, new NativeCalls(context.door))) {
    if (without.includes(name)) context.report.miss(name, 'taken away by LOCKSTEP_TEST_WITHOUT');
    else hook(context);
  }
  module.syncBuiltinESMExports();
}
