/**
 * The process as the program sees it: counters, ids and limits are the leader's, and so is the working
 * folder. What would change the process or signal another one happens in the leader only.
 */
import { apiId } from '@lockstep/protocol';
import { Missing } from '../core/door.ts';
import type { HookContext } from '../core/hook-context.ts';
import { originals } from '../core/originals.ts';
import { define, patch } from '../core/patch.ts';
import { builtin } from './builtin.ts';
import { hookLocal } from './local-values.ts';

const PID = apiId('process.pid');
const PPID = apiId('process.ppid');
const TITLE = apiId('process.title');
const CWD = apiId('process.cwd');
const CHDIR = apiId('process.chdir');
const UMASK = apiId('process.umask');
const ABORT = apiId('process.abort');
const LOAD_ENV_FILE = apiId('process.loadEnvFile');

/** Exit code of a follower that aborts: 128 and SIGABRT, without a core file. */
const ABORTED = 134;

const views = [
  'uptime',
  'cpuUsage',
  'resourceUsage',
  'availableMemory',
  'constrainedMemory',
  'getuid',
] as const;

/** Share one number: they are asked together, in the same order in every replica. */
const identities = ['geteuid', 'getgid', 'getegid', 'getgroups'] as const;

/** Of `v8`; they share the number of what they detail. */
const heapViews = [
  'getHeapStatistics',
  'getHeapSpaceStatistics',
  'getHeapCodeStatistics',
  'getCppHeapStatistics',
] as const;

const changes = [
  'kill',
  'setuid',
  'setgid',
  'seteuid',
  'setegid',
  'setgroups',
  'initgroups',
] as const;

/** Replaces what `process` tells of itself and what changes it. */
export function hookProcess(context: HookContext): void {
  for (const key of views) view(context, process, key, `process.${key}`);
  for (const key of identities) view(context, process, key, 'process.getuid');
  view(context, process, 'threadCpuUsage', 'process.cpuUsage');
  view(context, process, 'getActiveResourcesInfo', 'process.getActiveResourcesInfo');
  view(context, process, 'memoryUsage', 'process.memoryUsage');
  view(context, process.memoryUsage, 'rss', 'process.memoryUsage.rss');
  for (const key of ['getReport', 'writeReport']) {
    view(context, process.report, key, 'process.report.writeReport');
  }
  for (const key of heapViews) view(context, builtin('v8'), key, 'process.memoryUsage');
  view(context, builtin('v8'), 'writeHeapSnapshot', 'v8.snapshot');
  for (const key of changes) change(context, key);
  hookFolder(context);
  hookUmask(context);
  hookEnvFile(context);
  hookAbort(context);
  context.onEntry(() => takeIdentity(context));
}

function view(context: HookContext, owner: object, key: string, label: string): void {
  hookLocal(context, { owner, key, api: apiId(label), label });
}

/** A signal to oneself comes back as a delivery, in the leader. */
function change({ door, report }: HookContext, key: (typeof changes)[number]): void {
  const api = apiId(`process.${key}`);
  patch(report, process, key, `process.${key}`, (original) => (...args: unknown[]) => {
    const run = (): unknown => Reflect.apply(original, process, args);
    if (door.covered > 0) return run();
    return door.value(api, String(args[0]), args.slice(1), run, Missing.refuse);
  });
}

/**
 * Only `chdir` moves the working folder, so that it is carried once and after each move:
 * `path.resolve` asks for it far too often for a value each time.
 */
function hookFolder({ door, report, onEntry }: HookContext): void {
  let folder: string | null = null;
  const realCwd = process.cwd;
  onEntry(() => {
    folder = door.local(CWD, () => folderOrNull(realCwd));
  });
  patch(report, process, 'cwd', 'process.cwd', (original) => () => {
    return door.covered > 0 || folder === null ? (original() as string) : folder;
  });
  patch(report, process, 'chdir', 'process.chdir', (original) => (...args: unknown[]) => {
    const move = (): string => {
      original(...args);
      return realCwd();
    };
    if (door.covered > 0) folder = move();
    else folder = door.value(CHDIR, String(args[0]), args, move, Missing.refuse);
  });
}

/** A working folder that was removed has no name; asking for it throws, each time. */
function folderOrNull(cwd: () => string): string | null {
  try {
    return cwd();
  } catch {
    return null;
  }
}

function hookUmask({ door, report }: HookContext): void {
  patch(report, process, 'umask', 'process.umask', (original) => (...args: unknown[]) => {
    const run = (): unknown => original(...args);
    if (door.covered > 0) return run();
    return args[0] === undefined
      ? door.local(UMASK, run)
      : door.value(UMASK, '', args, run, Missing.refuse);
  });
}

/** The variables that the file set, as the leader read them. */
function hookEnvFile({ door, report }: HookContext): void {
  patch(
    report,
    process,
    'loadEnvFile',
    'process.loadEnvFile',
    (original) =>
      (...args: unknown[]) => {
        if (door.covered > 0) return original(...args) as unknown;
        const load = (): Record<string, string | undefined> => {
          const before = { ...process.env };
          original(...args);
          const { env } = process;
          return Object.fromEntries(
            Object.entries(env).filter(([key, text]) => before[key] !== text),
          );
        };
        const set = door.value(LOAD_ENV_FILE, String(args[0] ?? '.env'), [], load, Missing.refuse);
        Object.assign(process.env, set);
        return undefined;
      },
  );
}

/** A follower ends as its leader does, but leaves no core file. */
function hookAbort({ door, report }: HookContext): void {
  patch(report, process, 'abort', 'process.abort', (original) => () => {
    door.record(ABORT, '', []);
    if (door.leads) original();
    else originals.exit.call(process, ABORTED);
  });
}

/** Numbers and names of the leader. Its own `ppid` and `title` stay Node's: they change by themselves. */
function takeIdentity({ door }: HookContext): void {
  const { pid, ppid, title } = process;
  const leader = {
    pid: door.local(PID, () => pid),
    ppid: door.local(PPID, () => ppid),
    title: door.local(TITLE, () => title),
  };
  if (door.leads) return;
  define(process, 'ppid', leader.ppid);
  define(process, 'title', leader.title);
  Object.defineProperty(process, 'pid', { value: leader.pid });
}
