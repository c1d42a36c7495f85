/**
 * Installs every hook, in an order that matters: modules that Node's own code reads when it is first
 * loaded come first. ES modules see the replaced functions after `syncBuiltinESMExports`.
 */
import module from 'node:module';
import type { HookContext } from '../core/hook-context.ts';
import { hookChildProcess } from './child-process/index.ts';
import { hookClocks } from './clocks.ts';
import { hookContexts } from './contexts.ts';
import { hookCrypto } from './crypto/index.ts';
import { hookDns } from './dns.ts';
import { reportEarlyModules } from './early-modules.ts';
import { hideAgentFlags } from './exec-argv.ts';
import { hookFinalization } from './finalization.ts';
import { hookFs } from './fs/index.ts';
import { hookHttp } from './http/index.ts';
import { hookMathRandom } from './math-random.ts';
import { hookModules } from './modules.ts';
import { hookNet } from './net/index.ts';
import { hookNotFollowed } from './not-followed.ts';
import { hookOs } from './os.ts';
import { hookPerformanceTimes } from './performance.ts';
import { hookProcess } from './process.ts';
import { hookRandom } from './random.ts';
import { hookSignals } from './signals.ts';
import { hookStdio } from './stdio/index.ts';
import { hookTimers } from './timers.ts';
import { hookWebAssembly } from './wasm.ts';
import { hookZlib } from './zlib.ts';

/** Installs all hooks of this thread. `random` seeds `Math.random`. */
export function installHooks(context: HookContext, random: Uint32Array): void {
  reportEarlyModules(context.report);
  hookTimers(context);
  hookClocks(context);
  hookFs(context);
  hookModules(context);
  hookMathRandom(context, random);
  hookRandom(context);
  hookProcess(context);
  hookOs(context);
  hookPerformanceTimes(context);
  hideAgentFlags(process.execArgv, __filename);
  hookSignals(context);
  hookStdio(context);
  hookChildProcess(context);
  hookZlib(context);
  hookCrypto(context);
  hookWebAssembly(context);
  hookFinalization(context);
  hookContexts(context);
  hookNotFollowed(context);
  hookDns(context);
  hookHttp(context, hookNet(context));
  module.syncBuiltinESMExports();
}
