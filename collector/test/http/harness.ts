/** An HTTP side over a store in memory and a model that the test moves. */
import { type AddressInfo, connect } from 'node:net';
import type { RunView } from '@lockstep/protocol';
import { Subject } from 'rxjs';
import { createHttp, type HttpOptions, type HttpSide } from '../../src/http/server.ts';
import type { Counter, ModelChange, RunModel, Store } from '../../src/ports.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createWriteBuffer, type WriteBuffer } from '../../src/store/write-buffer.ts';
import { at } from '../store/fixtures.ts';

/** A model whose content and changes a test sets. */
export class FakeModel implements RunModel {
  readonly changes = new Subject<ModelChange>();
  current: readonly RunView[] = [];
  counted: readonly Counter[] = [];

  services(): ReturnType<RunModel['services']> {
    const names = [...new Set(this.current.map((run) => run.service))];
    return names.map((name) => ({
      name,
      runs: this.current.filter((run) => run.service === name),
    }));
  }

  run(runId: string): RunView | undefined {
    return this.current.find((run) => run.runId === runId);
  }

  counters(): readonly Counter[] {
    return this.counted;
  }
}

/** A running collector's HTTP side. */
export interface Harness {
  readonly model: FakeModel;
  readonly store: Store;
  readonly buffer: WriteBuffer;
  readonly http: HttpSide;
  readonly port: number;
  readonly url: string;
  get(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

/** Starts it on a free port of the loopback interface. */
export async function startHttp(
  options: Partial<HttpOptions> & { readonly store?: Store } = {},
): Promise<Harness> {
  const model = new FakeModel();
  const store = options.store ?? openStore('memory:');
  await store.open();
  const buffer = createWriteBuffer(
    store,
    options.clock === undefined ? {} : { clock: options.clock },
  );
  const http = await createHttp({
    model,
    store,
    buffer,
    dashboardDir: null,
    collectorStatus: () => ({
      version: '0.1.0',
      startedAt: at(0),
      store: buffer.status(),
      callsPerSecond: 0,
    }),
    ...options,
  });
  await new Promise<void>((resolve) => http.server.listen(0, '127.0.0.1', resolve));
  const { port } = http.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    model,
    store,
    buffer,
    http,
    port,
    url,
    get: (path, init) => fetch(`${url}${path}`, init),
    stop: async () => {
      await http.close();
      await buffer.close();
      await store.close();
    },
  };
}

/**
 * Sends a request as bytes, for headers and paths that a client library would not send. A body comes
 * after an empty line, and then the headers must say how the connection ends.
 */
export function rawAnswer(port: number, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    const whole = lines.includes('') ? lines : [...lines, 'Connection: close', '', ''];
    socket.write(whole.join('\r\n'));
  });
}

/** The status of `rawAnswer`. */
export async function rawStatus(port: number, lines: readonly string[]): Promise<number> {
  return Number((await rawAnswer(port, lines)).split(' ', 2)[1]);
}
