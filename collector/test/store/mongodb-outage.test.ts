import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Store } from '../../src/ports.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createWriteBuffer, type WriteBuffer } from '../../src/store/write-buffer.ts';
import { alert, incident, run } from './fixtures.ts';
import { databaseUrl, startMongo, type TestServer } from './mongo-server.ts';

/** How long a store may take to be missed, or to be found again. */
const NOTICE_MS = 20_000;

const root = mkdtempSync(join(tmpdir(), 'lockstep-outage-'));
const dbPath = mkdtempSync(join(root, 'mongod-'));
const place = { port: await freePort(), dbPath };
let server = await startMongo(place);

afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

describe.skipIf(server === null)('a MongoDB server of our own', () => {
  const url = databaseUrl(server?.uri ?? 'mongodb://127.0.0.1', 'lockstep-outage');

  async function withStore(
    use: (store: Store, buffer: WriteBuffer) => Promise<void>,
  ): Promise<void> {
    const store = openStore(url);
    await store.open();
    const buffer = createWriteBuffer(store, { dataDir: mkdtempSync(join(root, 'data-')) });
    try {
      await use(store, buffer);
    } finally {
      await buffer.close();
      await store.close();
    }
  }

  it(
    'that stops answering and goes on loses no write and is reported meanwhile',
    () =>
      withStore(async (store, buffer) => {
        await buffer.saveRuns([run()]);
        const pid = mongodPid(server);
        process.kill(pid, 'SIGSTOP');
        try {
          await saveMany(buffer, 'stopped');
          await waitForState(buffer, 'away');
          await saveMany(buffer, 'away');
          expect(buffer.status().pendingWrites).toBe(101);
          await expect(store.alerts({ limit: 1 })).rejects.toMatchObject({ code: 'STORE_AWAY' });
        } finally {
          process.kill(pid, 'SIGCONT');
        }
        await waitForState(buffer, 'ready');
        await buffer.flush();
        expect((await store.alerts({ limit: 1 })).total).toBe(100);
        expect((await store.incidents({ limit: 1 })).total).toBe(1);
      }),
    60_000,
  );

  it(
    'that is killed and started again loses no write, taken or pending',
    () =>
      withStore(async (store, buffer) => {
        const before = (await store.alerts({ limit: 1 })).total;
        await saveMany(buffer, 'taken');
        process.kill(mongodPid(server), 'SIGKILL');
        await waitForState(buffer, 'away');
        await saveMany(buffer, 'pending');
        server = await startMongo(place);
        await waitForState(buffer, 'ready');
        await buffer.flush();
        expect((await store.alerts({ limit: 1 })).total).toBe(before + 100);
      }),
    60_000,
  );
});

describe('opening a MongoDB store', () => {
  it('that nobody serves fails with the address, the reason and the remedy', async () => {
    const port = await freePort();
    const store = openStore(`mongodb://ada:secret@127.0.0.1:${port}/x`);
    const failure = store.open();
    await expect(failure).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      message: expect.stringMatching(
        /^The MongoDB server at "mongodb:\/\/\*\*\*@127\.0\.0\.1:\d+\/x" does not answer \(.*ECONNREFUSED.*\)\. Check that it runs/,
      ),
    });
    await expect(failure).rejects.not.toThrow(/secret/);
  });

  it.each(['mongodb://', 'mongodb://host:99999', 'mongodb://host/?w=', 'mongodb://a:b:c@host'])(
    'with the URL %s fails with what is wrong about it',
    async (target) => {
      await expect(openStore(target).open()).rejects.toMatchObject({
        code: 'STORE_URL_INVALID',
        message: expect.stringContaining('Write it as mongodb://'),
      });
    },
  );
});

async function saveMany(buffer: WriteBuffer, prefix: string): Promise<void> {
  const alerts = Array.from({ length: 50 }, (_, index) => alert({ id: `${prefix}-${index}` }));
  await buffer.saveIncidents([incident()]);
  await Promise.all(alerts.map((one) => buffer.saveAlerts([one])));
}

async function waitForState(buffer: WriteBuffer, state: 'ready' | 'away'): Promise<void> {
  await vi.waitFor(() => expect(buffer.status().state).toBe(state), {
    timeout: NOTICE_MS,
    interval: 50,
  });
}

function mongodPid(running: TestServer | null): number {
  const pid = running?.own?.instanceInfo?.instance.mongodProcess?.pid;
  if (pid === undefined) throw new Error('mongod of our own is not running');
  return pid;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
