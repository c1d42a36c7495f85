// Hooks in a thread of Node's own decide where modules are and what stands in them.
import fs from 'node:fs';
import { register } from 'node:module';
import { MessageChannel } from 'node:worker_threads';

process.removeAllListeners('warning');
const { port1, port2 } = new MessageChannel();
let said = 0;
port1.on('message', (text) => fs.appendFileSync('/dev/null', `${++said} ${text}`));
port1.unref();
register('./loader-hooks/hooks.mjs', {
  parentURL: import.meta.url,
  data: { name: 'test', port: port2 },
  transferList: [port2],
});

let order = 0;
async function strand(number) {
  const { default: made } = await import(`made:${number}`);
  fs.appendFileSync('/dev/null', `${number}: ${made} as ${order++}`);
  const { default: json } = await import(`made:${number}.json`, { with: { type: 'json' } });
  fs.appendFileSync('/dev/null', `${number}: ${json} as ${order++}`);
  const { name, loadedAt } = await import(`./loader-hooks/helper.mjs?${number}`);
  fs.appendFileSync('/dev/null', `${name} ${loadedAt} as ${order++}`);
  const refused = await import(`made:${number}-refused`).catch((error) => error);
  fs.appendFileSync('/dev/null', `${refused.name} ${refused.message} as ${order++}`);
}

await Promise.all([1, 2, 3, 4, 5].map(strand));
const { plain } = await import('./loader-hooks/plain.mjs');
const { common } = await import('./loader-hooks/common.cjs');
fs.appendFileSync('/dev/null', `${plain} ${common} ${import.meta.resolve(`made:${order}`)}`);
console.log(order);
