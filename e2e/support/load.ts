/** The load driver as a test uses it: a number of requests, or load until it is stopped. */
import { join } from 'node:path';
import type { TestProcess } from './processes.ts';
import type { Workspace } from './workspace.ts';

const driver = join(import.meta.dirname, 'load-driver.mjs');

/** What the load tests ask for: open connections at once. */
export const CONNECTIONS = 50;

/** How it went. `failed`: no answer, or one that is not 200. */
export interface LoadResult {
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly firstFailure: string | number | null;
  readonly slowestMs: number;
}

/** Sends `count` requests over 50 connections and waits for all answers. */
export async function load(workspace: Workspace, url: string, count: number): Promise<LoadResult> {
  return result(start(workspace, url, count));
}

/** Load in the background; `stop` ends it and tells how it went. */
export class SteadyLoad {
  readonly #process: TestProcess;

  constructor(workspace: Workspace, url: string) {
    this.#process = start(workspace, url, 0);
  }

  stop(): Promise<LoadResult> {
    this.#process.endInput();
    return result(this.#process);
  }
}

function start(workspace: Workspace, url: string, count: number): TestProcess {
  const args = [driver, url, String(count), String(CONNECTIONS)];
  return workspace.processes.node(args, { cwd: workspace.folder, input: null });
}

async function result(process: TestProcess): Promise<LoadResult> {
  const { stdout, stderr } = await process.ended;
  try {
    return JSON.parse(stdout) as LoadResult;
  } catch (error) {
    throw new Error(`the load driver broke: ${stderr}`, { cause: error });
  }
}
