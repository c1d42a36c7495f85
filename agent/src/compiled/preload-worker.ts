/** What the transport thread is started with: runs the bundle of `transport/worker.ts` under its own name. */
import { compileCode, type ModuleFunction } from './compiled-code.ts';

const file = `${__dirname}/transport-worker.code.js`;
const run = compileCode(file, __filename).script.runInThisContext();
(run as ModuleFunction)(exports, require, module, __filename, __dirname);
