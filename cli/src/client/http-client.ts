/** The collector's HTTP API as the listing commands use it: one GET, one answer, one clear failure. */
import type { ApiProblem, Page } from '@lockstep/protocol';
import { CliError, detailOf } from '../errors.ts';
import { HTTP_TIMEOUT_MS } from '../limits.ts';
import { parseCollectorUrl } from './collector-url.ts';

/** Rows asked for at once. */
const PAGE_ROWS = 200;

export class HttpClient {
  readonly #base: string;

  /** `collector`: the address in any scheme that `--collector` takes. */
  constructor(collector: string) {
    this.#base = parseCollectorUrl(collector).httpUrl;
  }

  /** One object. `query` values that are undefined are left out. */
  async get<T>(path: string, query: Readonly<Record<string, string | undefined>>): Promise<T> {
    const url = new URL(this.#base + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return (await this.#request(url)) as T;
  }

  /** Rows of a list, page by page, up to `most`. */
  async list<T>(
    path: string,
    query: Readonly<Record<string, string | undefined>>,
    most: number,
  ): Promise<readonly T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const limit = String(Math.min(PAGE_ROWS, most - items.length));
      const page: Page<T> = await this.get(path, { ...query, limit, cursor: cursor ?? undefined });
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null && items.length < most);
    return items;
  }

  async #request(url: URL): Promise<unknown> {
    const response = await this.#fetch(url);
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok && answer !== undefined) return answer;
    if (isProblem(answer)) {
      const { code, message } = answer;
      throw new CliError('CLI_COLLECTOR_REFUSED', { url: this.#base, code, detail: message });
    }
    throw new CliError('CLI_COLLECTOR_ANSWER', { url: url.href, status: response.status });
  }

  async #fetch(url: URL): Promise<Response> {
    try {
      return await fetch(url, { signal: AbortSignal.timeout(HTTP_TIMEOUT_MS) });
    } catch (error) {
      const detail = detailOf((error as Error).cause ?? error);
      throw new CliError('CLI_COLLECTOR_AWAY', { url: this.#base, detail, cause: error });
    }
  }
}

function isProblem(answer: unknown): answer is ApiProblem {
  const { code, message } = (answer ?? {}) as Partial<ApiProblem>;
  return typeof code === 'string' && typeof message === 'string';
}
