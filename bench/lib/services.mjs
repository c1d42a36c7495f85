/** The services that are measured, and the ways in which they run: bare, led, followed. */
import { delimiter, join } from 'node:path';
import { bin, freePort, root, until } from './processes.mjs';

const json = { 'content-type': 'application/json' };

/** `amount`: requests of a round at full speed; `rate`: requests a second of the steady part. */
export const services = {
  hello: {
    file: join(import.meta.dirname, '../services/hello.cjs'),
    requests: [{ path: '/' }],
    amount: 2000,
    rate: 200,
  },
  shop: {
    file: join(root, 'examples/shop/server.js'),
    requests: [
      { path: '/products' },
      { path: '/products/kettle' },
      { path: '/fast' },
      {
        path: '/orders',
        method: 'POST',
        headers: json,
        body: '{"productId":"mug","quantity":1}',
      },
      { path: '/report' },
    ],
    amount: 1000,
    rate: 80,
  },
  /** The database alone; the whole order is what `soak.mjs` asks for. */
  store: {
    file: join(import.meta.dirname, '../services/store.cjs'),
    requests: [{ path: '/item/1' }, { path: '/item/2' }, { path: '/item/3' }],
    amount: 1500,
    rate: 150,
  },
};

/** Replicas by the name of the way; 0: without Lockstep. */
export const ways = { bare: 0, 'leader alone': 1, 'with two followers': 3 };

/** Starts a service in one way; resolves when it answers. */
export async function startService(workspace, collector, options) {
  const { name, way, upstreamPort, env = {}, preload = [], nodeFolder } = options;
  const port = await freePort();
  const replicas = ways[way];
  const { id = `${name}-${replicas}` } = options;
  const command = [...preload, services[name].file];
  const run = ['run', '--service', id, '--replicas', String(replicas)];
  const launcher = [bin, ...run, '--collector', collector.socketUrl, '--', 'node'];
  const node = nodeFolder === undefined ? process.execPath : join(nodeFolder, 'node');
  const PATH = `${join(node, '..')}${delimiter}${process.env.PATH}`;
  const child = workspace.start([...(replicas === 0 ? [] : launcher), ...command], {
    node,
    env: {
      PATH,
      PORT: String(port),
      UPSTREAM_URL: `http://127.0.0.1:${upstreamPort}`,
      SHOP_DATA: join(workspace.folder, `data-${id}`),
      ...env,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  await until(`${id} answers`, () => answers(url));
  const running = { way, id, url, replicas, pid: child.pid, followers: [], runId: null };
  if (replicas === 0) return running;
  const all = await until(`all replicas of ${id} run`, async () => {
    const views = await collector.replicas(id);
    return views.length === replicas && views.every((view) => view.pid !== null) ? views : null;
  });
  const leader = all.find(({ role }) => role === 'leader');
  const followers = all.filter(({ role }) => role === 'follower').map(({ pid }) => pid);
  return { ...running, pid: leader.pid, runId: leader.runId, followers };
}

/** The shop's supplier, which is not under Lockstep. */
export async function startUpstream(workspace) {
  const port = await freePort();
  workspace.start([join(root, 'examples/shop/upstream.js')], {
    env: { UPSTREAM_PORT: String(port) },
  });
  await until('the supplier answers', () => answers(`http://127.0.0.1:${port}/stats`));
  return port;
}

function answers(url) {
  return fetch(url).then(
    async (response) => {
      await response.arrayBuffer();
      return true;
    },
    () => false,
  );
}
