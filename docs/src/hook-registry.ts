/**
 * How every API of Node's built-in modules is carried: the data of `docs/hooks/`, and the page made of it.
 * Each entry names its functions, so that a new one in a new Node is noticed: `*` stands for a whole module
 * or class only where it computes and reaches nothing.
 */
/** What each way means, in the order of the page. */
export const ways: Readonly<Record<string, string>> = {
  delivery: 'begins a turn in the leader, and in followers when the log says so',
  'in-turn value': 'its answer follows its turn in the log',
  'computed, its turn agreed':
    'every replica does the work itself, only the turn of its end is agreed',
  'runs for real on hooked calls': 'JavaScript of Node’s own over APIs of this table',
  'runs for real in each replica': 'touches nothing that replicas do not have alike',
  'runs for real in each replica, bytes compared':
    'each loads its own code, and its bytes are compared',
  'runs for real with hooked clocks': 'contexts get the hooked clocks and random numbers',
  'delivery or values of stand-ins': 'the leader alone loads the add-on; its answers are carried',
  local: 'happens in each replica to that replica',
  computes: 'reaches nothing outside its arguments',
  'not followed': 'the first use ends following, without an alert',
  open: 'not hooked: what it brings in or does outside is not agreed, and a difference is possible',
};

/** One entry of the data. */
export interface HookEntry {
  readonly module: string;
  readonly way: string;
  /** The file that hooks it, where there is one. */
  readonly hook?: string;
  readonly names: string;
}

/** The files of the data, with the headings of the page. */
export const areas: Readonly<Record<string, string>> = {
  files: 'Files and data',
  network: 'Network',
  processes: 'Processes, threads, host',
  time: 'Time, randomness, engine',
  language: 'Language and pure modules',
};

/** Gives the text of a file by its path from the root. */
export type ReadText = (path: string) => string;

/** All entries of one area. */
export function entriesOf(area: string, read: ReadText): readonly HookEntry[] {
  return JSON.parse(read(`docs/hooks/${area}.json`)) as HookEntry[];
}

/** What a version of Node exports: module -> names. */
export type Exports = Readonly<Record<string, readonly string[]>>;

/** Whether an entry's name covers `name`. */
export function covers(pattern: string, name: string): boolean {
  if (pattern === name || pattern === '*') return true;
  return pattern.endsWith('*') && name.split('#')[0] === pattern.slice(0, -1);
}

/** Functions that no entry knows, as `module.name`. */
export function unknownIn(exported: Exports, entries: readonly HookEntry[]): readonly string[] {
  return Object.entries(exported).flatMap(([module, names]) => {
    const patterns = entries
      .filter((entry) => entry.module === module)
      .flatMap((entry) => entry.names.split(' '));
    return names
      .filter((name) => !patterns.some((pattern) => covers(pattern, name)))
      .map((name) => `${module}.${name}`);
  });
}

/** The page. */
export function hooksPage(read: ReadText): string {
  const legend = Object.entries(ways).map(([way, meaning]) => `| ${way} | ${meaning} |`);
  const sections = Object.entries(areas).flatMap(([area, heading]) => [
    `\n## ${heading}\n`,
    '| module | functions | how | hook |\n| --- | --- | --- | --- |',
    ...entriesOf(area, read).map(row),
  ]);
  return [
    '# Every API, and how it is carried\n',
    'Made from the data in [hooks](hooks) by `npm run generate -w @lockstep/docs`. A test walks the built-in modules of Node 20, 22, 24 and 26 and fails on a function that is not here.\n',
    '| way | meaning |\n| --- | --- |',
    ...legend,
    ...sections,
    '',
  ].join('\n');
}

function row({ module, way, hook, names }: HookEntry): string {
  const shown =
    names === '*'
      ? 'all'
      : names
          .split(' ')
          .map((name) => `\`${name}\``)
          .join(' ');
  const link = hook === undefined ? '' : `[${hook.split('/hooks/')[1]}](../${hook})`;
  return `| \`${module}\` | ${shown} | ${way} | ${link} |`;
}
