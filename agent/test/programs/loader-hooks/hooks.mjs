// Answers with what no other thread could know: the time, and how often it was asked.
import { readFileSync } from 'node:fs';

let port = null;
let asked = 0;

export function initialize(data) {
  port = data.port;
  port.postMessage(`initialized with ${data.name}`);
}

export async function resolve(specifier, context, next) {
  if (!specifier.startsWith('made:')) return next(specifier, context);
  await new Promise((done) => setTimeout(done, asked % 3));
  return {
    url: specifier,
    format: specifier.endsWith('.json') ? 'json' : 'module',
    shortCircuit: true,
  };
}

export async function load(url, context, next) {
  if (url.endsWith('refused')) throw new TypeError('this one is refused');
  if (url.includes('helper')) {
    const loaded = await next(url, context);
    return { ...loaded, source: `${loaded.source}\nexport const loadedAt = ${Date.now()};` };
  }
  if (!url.startsWith('made:')) return next(url, context);
  asked++;
  port.postMessage(`loads ${url}`);
  if (asked === 2) console.log('the hooks print');
  const made = `[${asked}, ${Date.now()}, ${JSON.stringify(url)}]`;
  return {
    format: context.format,
    source: context.format === 'json' ? made : `export default ${made};`,
    shortCircuit: true,
  };
}
