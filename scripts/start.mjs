/**
 * `npm start`: from a fresh clone to Lockstep's main job on the screen. Installs, builds, then runs the
 * collector with its dashboard, and a small shop with two followers and some customers. Everything it
 * writes is under .lockstep/; Ctrl-C ends everything it started.
 */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { endCommands } from './lib/command.mjs';
import { portFrom, requireFreePorts } from './lib/ports.mjs';
import { Processes } from './lib/processes.mjs';
import { bold, main, Problem, say, step } from './lib/say.mjs';
import { build, checkNode, install, root } from './lib/workspace.mjs';

/** Where the drill's payload posts to, fixed in the payload. */
const LISTENER_PORT = 4699;

const shop = join(root, 'examples/shop');
const lockstep = join(root, 'cli/bin/lockstep.js');

await main(async () => {
  checkNode();
  const ports = {
    collector: portFrom('LOCKSTEP_PORT', 4600),
    shop: portFrom('PORT', 8080),
    upstream: portFrom('UPSTREAM_PORT', 8081),
  };
  const folder = useFolder(join(root, '.lockstep'));
  await requireFreePorts([
    { port: ports.collector, purpose: 'collector and dashboard', variable: 'LOCKSTEP_PORT' },
    { port: ports.shop, purpose: 'example service', variable: 'PORT' },
    { port: ports.upstream, purpose: "the example's supplier", variable: 'UPSTREAM_PORT' },
    { port: LISTENER_PORT, purpose: "the drill's drop box", variable: null },
  ]);
  const processes = new Processes();
  const interrupted = onInterrupt(processes);
  const work = (async () => {
    await install();
    await build();
    await startAll(processes, ports, folder);
    return processes.failed;
  })();
  const problem = await Promise.race([interrupted, work]).catch((error) => error);
  await processes.stop();
  if (problem !== undefined) throw problem;
  say('Stopped. Nothing is left running.');
  process.exit(0);
});

/** Makes the data folder, or says why it cannot be used. */
function useFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    throw new Problem(
      `The folder ${folder} cannot be used (${error.code}). Make it readable and writable for this user, or remove it.`,
      { cause: error },
    );
  }
}

async function startAll(processes, ports, folder) {
  const collectorUrl = `http://127.0.0.1:${ports.collector}`;
  const shopUrl = `http://127.0.0.1:${ports.shop}`;
  const env = { LOCKSTEP_TOKEN_FILE: join(folder, 'token') };
  const store = join(folder, 'store');
  const shopEnvironment = {
    PORT: String(ports.shop),
    UPSTREAM_PORT: String(ports.upstream),
    UPSTREAM_URL: `http://127.0.0.1:${ports.upstream}`,
    SHOP_DATA: join(folder, 'shop'),
    SHOP_URL: shopUrl,
  };
  const node = process.execPath;
  await step('starting collector and dashboard', () =>
    processes.start(
      'collector',
      [node, lockstep, 'up', '--port', String(ports.collector)].concat(
        ['--store', store],
        ['--data', join(folder, 'spool')],
      ),
      { cwd: root, env, url: `${collectorUrl}/readyz` },
    ),
  );
  await step(
    'starting the example service with two followers, its supplier and customers',
    async () => {
      const options = { cwd: shop, env: { ...env, ...shopEnvironment } };
      await processes.start('supplier', [node, 'upstream.js'], {
        ...options,
        url: `${shopEnvironment.UPSTREAM_URL}/stats`,
      });
      await processes.start('drop box', [node, 'drills/listener.js'], options);
      await processes.start(
        'example service',
        [node, lockstep, 'run', '--service', 'shop', '--replicas', '3', '--allow-drills'].concat(
          ['--collector', `ws://127.0.0.1:${ports.collector}`],
          ['--', 'node', 'server.js'],
        ),
        { ...options, url: `${shopUrl}/health` },
      );
      await processes.start('customers', [node, 'traffic.js'], { ...options, quiet: true });
    },
  );
  const port = ports.collector === 4600 ? '' : `LOCKSTEP_PORT=${ports.collector} `;
  say(`
  Open     ${bold(collectorUrl)}
  Service  ${shopUrl}/products
  Strike   ${bold(`${port}npm run drill`)}             in another terminal: one follower steals a (decoy) credential
           ${port}npm run drill -- @leader  the service itself does, and the loot arrives below
  Stop     Ctrl-C
`);
}

/** Resolves at the first interrupt; the second ends everything at once. */
function onInterrupt(processes) {
  return new Promise((resolve) => {
    let count = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        count += 1;
        if (count === 1) say('\nStopping.');
        endCommands();
        if (count > 1) processes.kill();
        resolve(undefined);
      });
    }
    process.on('exit', () => processes.kill());
  });
}
