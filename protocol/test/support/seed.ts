/** One seed for all generated values of a test file, printed; `LOCKSTEP_TEST_SEED` runs it again. */
import fc from 'fast-check';

const { LOCKSTEP_TEST_SEED: given } = process.env;
const seed = given === undefined ? Date.now() & 0x7fffffff : Number(given);

fc.configureGlobal({ seed, numRuns: 200 });
process.stderr.write(`LOCKSTEP_TEST_SEED=${seed}\n`);
