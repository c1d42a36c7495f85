import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpOptions } from '../../src/http/server.ts';
import type { ListPage } from '../../src/ports.ts';
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.ts';
import { StoreAway } from '../../src/store/errors.ts';
import { incident } from '../store/fixtures.ts';
import { type Harness, rawAnswer, rawStatus, startHttp } from './harness.ts';
import { readDocument } from './openapi.ts';

let harness: Harness;

async function start(options: Parameters<typeof startHttp>[0] = {}): Promise<Harness> {
  harness = await startHttp(options);
  return harness;
}

afterEach(() => harness.stop());

function statusFor(host: string, path = '/api/services'): Promise<number> {
  return rawStatus(harness.port, [`GET ${path} HTTP/1.1`, `Host: ${host}`]);
}

describe('the Host header', () => {
  const local = [
    'localhost',
    'localhost:4600',
    '127.0.0.1:4600',
    '127.8.8.8',
    '[::1]:4600',
    'a.localhost',
  ];
  const foreign = [
    'evil.example',
    'evil.example:4600',
    '127.0.0.1.evil.example',
    '192.168.1.5',
    '[fe80::1]',
    'localhost@evil',
    '',
  ];

  it('must be a loopback name while the server is bound to loopback', async () => {
    await start();
    for (const host of local) expect(await statusFor(host), host).toBe(200);
    for (const host of foreign) expect(await statusFor(host), host).toBe(403);
    expect(await statusFor('evil.example', '/')).toBe(403);
    expect(await statusFor('evil.example', '/metrics')).toBe(403);
  });

  it('may be an address, the machine’s name or an allowed name when bound to the network', async () => {
    await start({ host: '0.0.0.0', allowedHosts: ['lockstep.internal'] });
    for (const host of ['192.168.1.5:4600', '[fe80::1]', hostname(), 'lockstep.internal:80']) {
      expect(await statusFor(host), host).toBe(200);
    }
    expect(await statusFor('evil.example')).toBe(403);
  });
});

describe('the Origin header', () => {
  async function patchFrom(headers: Record<string, string>): Promise<number> {
    const body = JSON.stringify({ note: 'x' });
    const lines = Object.entries({
      Host: `127.0.0.1:${harness.port}`,
      'Content-Type': 'application/json',
      'Content-Length': String(body.length),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}`);
    const head = ['PATCH /api/incidents/incident-1 HTTP/1.1', ...lines, 'Connection: close'];
    return rawStatus(harness.port, [...head, '', body]);
  }

  it('must be our own, or absent, for a change', async () => {
    await start();
    await harness.store.saveIncidents([incident()]);
    const own = `http://127.0.0.1:${harness.port}`;
    expect(await patchFrom({})).toBe(200);
    expect(await patchFrom({ Origin: own })).toBe(200);
    expect(await patchFrom({ Origin: own, 'Sec-Fetch-Site': 'same-origin' })).toBe(200);
    for (const origin of [
      'http://evil.example',
      'null',
      `http://localhost:${harness.port}`,
      `${own}.evil`,
    ]) {
      expect(await patchFrom({ Origin: origin }), origin).toBe(403);
    }
    expect(await patchFrom({ 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
    expect(await harness.store.auditOf('incident-1')).toHaveLength(3);
  });
});

describe('every answer', () => {
  it('carries the security headers, refusals and files included', async () => {
    await start();
    for (const path of ['/', '/api/services', '/api/nope', '/metrics', '/api/alerts?limit=0']) {
      const { headers } = await harness.get(path);
      expect(headers.get('content-security-policy'), path).toMatch(
        /default-src 'none'; script-src 'self';/,
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
    expect((await harness.get('/api/services')).headers.get('cache-control')).toBe('no-store');
  });
});

describe('the dashboard', () => {
  const folders: string[] = [];
  function build(): string {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-dashboard-'));
    folders.push(folder);
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<title>built</title>');
    writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
    writeFileSync(join(folder, 'assets', 'main-1a2b.js'), 'export {}');
    return folder;
  }
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  it('is served at its root and at every view of its own router, to be asked for each time', async () => {
    await start({ dashboardDir: build() });
    for (const path of ['/', '/index.html', '/incidents', '/incidents/a%2Fb.c?tab=calls']) {
      const response = await harness.get(path);
      expect(response.status, path).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(await response.text()).toBe('<title>built</title>');
    }
  });

  it('has files that browsers keep when their names carry a hash, and ask for otherwise', async () => {
    await start({ dashboardDir: build() });
    const hashed = await harness.get('/assets/main-1a2b.js');
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(hashed.headers.get('content-type')).toMatch(/javascript/);
    expect((await harness.get('/favicon.svg')).headers.get('cache-control')).toBe('no-cache');
  });

  it('answers a missing file and an unknown API with 404', async () => {
    await start({ dashboardDir: build() });
    for (const path of ['/assets/gone.js', '/assets/', '/gone.svg', '/api', '/api/gone']) {
      expect((await harness.get(path)).status, path).toBe(404);
    }
  });

  it('gives away nothing that lies beside its folder', async () => {
    const folder = build();
    await start({ dashboardDir: join(folder, 'assets') });
    writeFileSync(join(folder, 'secret.txt'), 'top secret');
    const paths = [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/assets/../../secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/..%5csecret.txt',
      '/%00secret.txt',
    ];
    for (const path of paths) {
      const answer = await rawAnswer(harness.port, [`GET ${path} HTTP/1.1`, 'Host: localhost']);
      expect(answer, path).toMatch(/^HTTP\/1\.1 (200|400|404)/);
      expect(answer, path).not.toContain('top secret');
    }
  });

  it('says how to build it when it is not built, and is there once it is, without a restart', async () => {
    const folder = build();
    rmSync(join(folder, 'index.html'));
    await start({ dashboardDir: folder });
    expect(await (await harness.get('/incidents')).text()).toMatch(/not built.*npm run build/s);
    writeFileSync(join(folder, 'index.html'), '<title>later</title>');
    expect(await (await harness.get('/incidents')).text()).toBe('<title>later</title>');
  });

  it.each([null, '/nowhere/dist'])('may be absent altogether (%s)', async (dashboardDir) => {
    await start({ dashboardDir });
    expect(await (await harness.get('/')).text()).toMatch(/not built/);
    expect((await harness.get('/api/services')).status).toBe(200);
  });
});

/** A store in memory that can be unplugged. */
class FlakyStore extends EmbeddedStore {
  fault: Error | null = null;

  constructor() {
    super('memory:');
  }

  override async ping(): Promise<void> {
    if (this.fault !== null) throw this.fault;
  }

  override async incidents(
    query: Parameters<EmbeddedStore['incidents']>[0],
  ): Promise<ListPage<never>> {
    if (this.fault !== null) throw this.fault;
    return (await super.incidents(query)) as ListPage<never>;
  }
}

describe('health', () => {
  it('is ready while it listens and its store answers', async () => {
    await start();
    const { check } = await readDocument(harness);
    for (const path of ['/healthz', '/readyz']) {
      const response = await harness.get(path);
      const body: unknown = await response.json();
      expect(response.status).toBe(200);
      expect(check({ route: path, status: 200, body })).toBeNull();
    }
    await expect(harness.http.ready()).resolves.toEqual({ ok: true, detail: 'ready' });
  });

  it('is alive but not ready while the store is away, and says why', async () => {
    const store = new FlakyStore();
    await start({ store });
    store.fault = new StoreAway('db', { cause: new Error('unplugged') });
    const response = await harness.get('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/unplugged/),
    });
    expect((await harness.get('/healthz')).status).toBe(200);
    store.fault = null;
  });

  it('answers a list with 503 and when to ask again, and the write buffer hears of it', async () => {
    const store = new FlakyStore();
    await start({ store });
    store.fault = new StoreAway('db', { cause: new Error('unplugged') });
    const response = await harness.get('/api/incidents');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.json()).toMatchObject({ code: 'STORE_AWAY' });
    expect(harness.buffer.status().state).toBe('away');
    expect((await harness.get('/api/services')).status).toBe(200);
    store.fault = null;
  });

  it('answers its own failures without telling what failed, and reports them', async () => {
    const store = new FlakyStore();
    const reports: string[] = [];
    const options: Partial<HttpOptions> = { store, report: (line) => reports.push(line) };
    await start(options);
    store.fault = new Error('password=hunter2');
    const response = await harness.get('/api/incidents');
    expect(response.status).toBe(500);
    const body = await response.text();
    expect(body).toContain('HTTP_INTERNAL');
    expect(body).not.toContain('hunter2');
    expect(reports).toEqual([expect.stringMatching(/GET \/api\/incidents failed: .*hunter2/)]);
    store.fault = null;
  });
});

describe('metrics', () => {
  it('hold the model’s counters with their labels, the store and the requests', async () => {
    await start();
    const help = 'Calls by verdict.';
    harness.model.counted = [
      { name: 'lockstep_calls_total', help, labels: { verdict: 'match' }, value: 41 },
      {
        name: 'lockstep_calls_total',
        help,
        labels: { verdict: 'mismatch', replica: 'b' },
        value: 1,
      },
    ];
    await harness.get('/api/services');
    const response = await harness.get('/metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    const text = await response.text();
    expect(text).toContain('# TYPE lockstep_calls_total counter');
    expect(text).toContain('lockstep_calls_total{verdict="match"} 41');
    expect(text).toContain('lockstep_calls_total{verdict="mismatch",replica="b"} 1');
    expect(text).toContain('lockstep_store_ready 1');
    expect(text).toMatch(
      /lockstep_http_request_seconds_count\{method="GET",route="\/api\/services",status="200"\} 1/,
    );
    expect(text).toContain('process_cpu_seconds_total');
    expect(await (await harness.get('/metrics')).text()).toContain('{verdict="match"} 41');
  });
});
