/**
 * `npm run drill [-- @leader | @follower | REPLICA]`: makes one replica of the example that `npm start`
 * runs steal a decoy credential. By default the last follower, where nothing can leave.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { portFrom } from './lib/ports.mjs';
import { main } from './lib/say.mjs';
import { root } from './lib/workspace.mjs';

await main(async () => {
  const [target = '@follower'] = process.argv.slice(2);
  const payload = join(root, 'examples/shop/drills/steal-credentials.cjs');
  const who = target.startsWith('@') ? [`${payload}${target}`] : ['--replica', target, payload];
  const collector = `ws://127.0.0.1:${portFrom('LOCKSTEP_PORT', 4600)}`;
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'cli/bin/lockstep.js'),
      'drill',
      '--service',
      'shop',
      '--collector',
      collector,
      ...who,
    ],
    {
      stdio: 'inherit',
      env: { ...process.env, LOCKSTEP_TOKEN_FILE: join(root, '.lockstep/token') },
    },
  );
  process.exitCode = status ?? 1;
});
