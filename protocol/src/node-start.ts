/**
 * Files and ports that Node itself writes and opens beneath JavaScript when it is told so at its start:
 * profiles, coverage, reports, traces, a debugger's port, a cache. They are the leader's. Whoever starts a
 * follower takes them out of its arguments and environment; its agent puts them back where the program
 * looks, which is then the same in all replicas.
 */

/** What a Node process is started with. `options`: those in front of the file. */
export interface NodeStart {
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where the whole start travels, as JSON; present only when something was taken out. */
export const WHOLE_START = 'LOCKSTEP_WHOLE_START';

/** Options without a value, or with one behind `=`. */
const flags: ReadonlySet<string> = new Set(
  `--cpu-prof --heap-prof --prof --perf-prof --perf-basic-prof --perf-basic-prof-only-functions
   --interpreted-frames-native-stack --report-on-fatalerror --report-uncaught-exception --report-on-signal
   --trace-events-enabled --inspect --inspect-brk --inspect-wait --abort-on-uncaught-exception
   --debug-port --inspect-port --cpu-prof-dir --cpu-prof-name --cpu-prof-interval --heap-prof-dir
   --heap-prof-name --heap-prof-interval --heapsnapshot-near-heap-limit --trace-event-categories
   --trace-event-file-pattern --localstorage-file --logfile --inspect-publish-uid`.split(/\s+/),
);

/**
 * Which of Node's options take a value as an argument of its own. Node has no way to ask; a missing name
 * here makes the value look like the file. V8's options are written with `=`.
 */
export const nodeOptionsWithValue: ReadonlySet<string> = new Set(
  `-r --require --import --loader --experimental-loader -C --conditions --title --env-file
   --env-file-if-exists --diagnostic-dir --disable-proto --disable-warning --dns-result-order
   --es-module-specifier-resolution --experimental-default-type --experimental-sea-config
   --heapsnapshot-near-heap-limit --heapsnapshot-signal --heap-prof-dir --heap-prof-interval
   --heap-prof-name --cpu-prof-dir --cpu-prof-interval --cpu-prof-name --icu-data-dir --input-type
   --inspect-port --debug-port --inspect-publish-uid --localstorage-file --max-http-header-size
   --network-family-autoselection-attempt-timeout --openssl-config --redirect-warnings --report-dir
   --report-directory --report-filename --report-signal --secure-heap --secure-heap-min
   --tls-cipher-list --tls-keylog --trace-event-categories --trace-event-file-pattern
   --trace-require-module --unhandled-rejections --use-largepages --v8-pool-size --watch-path
   --watch-kill-signal --allow-fs-read --allow-fs-write`.split(/\s+/),
);

const variables = ['NODE_V8_COVERAGE', 'NODE_COMPILE_CACHE'] as const;
const OPTIONS = 'NODE_OPTIONS';

/** What a follower is started with in the place of `start`. */
export function quietStart(start: NodeStart): NodeStart {
  const options = quietOptions(start.options);
  const env: Record<string, string | undefined> = { ...start.env };
  // Undefined, not gone: `spawn` adds some of its own process's that are not there at all.
  for (const name of variables) if (start.env[name] !== undefined) env[name] = undefined;
  const given = start.env[OPTIONS];
  if (given !== undefined) env[OPTIONS] = quietText(given);
  const changed = [...variables, OPTIONS].filter((name) => env[name] !== start.env[name]);
  if (changed.length === 0 && options.length === start.options.length) return start;
  const whole: WholeStart = {
    options: start.options,
    names: Object.keys(start.env),
    env: Object.fromEntries(changed.map((name) => [name, start.env[name] ?? ''])),
  };
  return { options, env: { ...env, [WHOLE_START]: JSON.stringify(whole) } };
}

/** What was there before something was taken out. */
interface WholeStart {
  readonly options: readonly string[];
  /** All variables, in their order: programs list them, and hand the list to children. */
  readonly names: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Puts back what was taken out; `preload`: how many of the arguments load the agent, in front of all. */
export function restoreStart(
  env: Record<string, string | undefined>,
  execArgv: string[],
  preload: number,
): void {
  const text = env[WHOLE_START];
  if (text === undefined) return;
  Reflect.deleteProperty(env, WHOLE_START);
  const whole = JSON.parse(text) as WholeStart;
  execArgv.splice(preload, execArgv.length, ...whole.options);
  for (const name of whole.names) {
    const value = whole.env[name] ?? env[name];
    Reflect.deleteProperty(env, name);
    if (value !== undefined) env[name] = value;
  }
}

function quietOptions(options: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let at = 0; at < options.length; at++) {
    const option = options[at] ?? '';
    const name = nameOf(option);
    if (!flags.has(name)) kept.push(option);
    else if (nodeOptionsWithValue.has(name) && !option.includes('=')) at++;
  }
  return kept;
}

/** Node takes underscores for dashes. */
function nameOf(option: string): string {
  const [name = ''] = option.split('=');
  return name.startsWith('--') ? `--${name.slice(2).replaceAll('_', '-')}` : name;
}

/** The same for `NODE_OPTIONS`, where a word may stand in quotes. */
function quietText(text: string): string {
  const words = text.match(/(?:"(?:\\.|[^"\\])*"|\S)+/g) ?? [];
  const kept = quietOptions(words);
  return kept.length === words.length ? text : kept.join(' ');
}
