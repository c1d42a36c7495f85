/**
 * A trial by hand, while writing hooks:
 *   node test/support/trial-cli.mjs [--show N] [--import] [--keep] program.js [args...]
 * Prints the calls that differ, the first turns first.
 */
import { buildTrial, runTrial } from './trial.mjs';

const names = ['a', 'b', 'c'];
const say = (text) => process.stdout.write(`${text}\n`);

function shown(call) {
  if (call === undefined) return '(not made)';
  const text = Buffer.from(call.bytes, 'base64')
    .toString('latin1')
    .replace(/[^\x20-\x7e]+/g, '·');
  return `${call.api} ${call.target} ${call.digest} ${text.slice(0, 200)}`;
}

function parse(argv) {
  const options = { unshare: true };
  let show = 5;
  while (argv[0]?.startsWith('--')) {
    const flag = argv.shift();
    if (flag === '--show') show = Number(argv.shift());
    if (flag === '--import') options.import = true;
    if (flag === '--keep') options.keep = true;
  }
  return { options, show };
}

function sayEnds({ ends, replicas, calls, differences }) {
  const codes = ends.map((end) => (end.timedOut ? 'TIMEOUT' : (end.code ?? end.signal)));
  const counts = replicas.map((replica) => replica.calls.size);
  say(
    `calls ${calls} (${counts.join('/')}), differing ${differences.length}, exits ${codes.join('/')}`,
  );
  for (const [i, { stopped, counters, end }] of replicas.entries()) {
    say(`  ${names[i]} ${JSON.stringify({ stopped, counters, end })}`);
  }
}

function sayDifferences(differences) {
  for (const difference of differences) {
    say(`- turn ${difference.id}`);
    for (const [i, call] of difference.calls.entries()) say(`    ${names[i]} ${shown(call)}`);
  }
}

const argv = process.argv.slice(2);
const { options, show } = parse(argv);
await buildTrial();
const trial = await runTrial(argv, options);
sayEnds(trial);
sayDifferences(trial.differences.slice(0, show));
say(`--- leader stdout\n${trial.ends[0].stdout.slice(0, 1500)}`);
for (const [i, end] of trial.ends.entries()) {
  if (end.stderr) say(`--- ${names[i]} stderr\n${end.stderr.slice(0, 1500)}`);
}
if (options.keep) say(trial.folder);
