/** What Node is told to load before the service: runs the bundle of `register.ts` under its own name. */
import { compileCode, type ModuleFunction } from './compiled-code.ts';

const run = compileCode(`${__dirname}/register.code.js`, __filename).script.runInThisContext();
(run as ModuleFunction)(exports, require, module, __filename, __dirname);
