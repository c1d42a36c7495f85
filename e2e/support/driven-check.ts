/** A server under `lockstep check`: load from outside, as users would, then `/quit`, then the report. */
import { Agent, request } from 'node:http';
import { freePort } from './ports.ts';
import { until } from './wait.ts';
import type { CheckReport, Workspace } from './workspace.ts';

/** One request. `body`: sent as JSON. */
export interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What is asked of a server: `count` requests, `atOnce` of them open at any time. */
export interface Load {
  readonly count: number;
  readonly atOnce: number;
  readonly ask: (number: number) => Ask;
}

/** How it went. `statuses`: answers by status. */
export interface Driven {
  readonly code: number | null;
  readonly report: CheckReport;
  readonly stderr: string;
  readonly statuses: Readonly<Record<number, number>>;
}

/** Seconds that a check gets in all. */
const CHECK_SECONDS = 100;

/** Runs `file` under `check` with three replicas, loads it, and has it end. */
export async function checkServer(
  workspace: Workspace,
  file: string,
  load: Load,
  env: NodeJS.ProcessEnv = {},
): Promise<Driven> {
  const port = await freePort();
  const args = ['check', '--replicas', '3', '--timeout', String(CHECK_SECONDS), '--json', '--'];
  const cwd = workspace.newFolder('work');
  const check = workspace.lockstep([...args, 'node', file], {
    cwd,
    env: { ...env, PORT: String(port) },
  });
  const agent = new Agent({ keepAlive: true, maxSockets: load.atOnce });
  const send = (ask: Ask): Promise<number> => answerTo(agent, port, ask);
  let hasEnded = false;
  void check.ended.then(() => {
    hasEnded = true;
  });
  await until(`${file} answers, or has ended`, () =>
    hasEnded ? true : send({ path: '/is-it-up' }).then(Boolean, () => false),
  );
  const statuses = hasEnded ? {} : await sendAll(send, load);
  agent.destroy();
  const close = { connection: 'close' };
  if (!hasEnded) await send({ path: '/quit', headers: close }).catch(() => 0);
  const { code, stdout, stderr } = await check.ended;
  try {
    return { code, report: JSON.parse(stdout) as CheckReport, stderr, statuses };
  } catch (error) {
    throw new Error(`${file}: no report, but "${stdout}", "${stderr}"`, { cause: error });
  }
}

async function sendAll(
  send: (ask: Ask) => Promise<number>,
  { count, atOnce, ask }: Load,
): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  let next = 0;
  const connection = async (): Promise<void> => {
    while (next < count) {
      const status = await send(ask(next++));
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, connection));
  return statuses;
}

function answerTo(agent: Agent, port: number, ask: Ask): Promise<number> {
  const { method = 'GET', path, headers = {}, body } = ask;
  const sent = body === undefined ? null : JSON.stringify(body);
  const type = sent === null ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const options = { agent, port, host: '127.0.0.1', method, path };
    const asked = request({ ...options, headers: { ...type, ...headers } }, (response) => {
      response.once('end', () => resolve(response.statusCode ?? 0)).once('error', reject);
      response.resume();
    });
    asked.once('error', reject);
    asked.end(sent);
  });
}
