/**
 * Records golden files (`npm run record-golden`). A file that is there stays as it is: bytes that an older
 * build recorded are what later builds are held to. New APIs are added to `apis.json`.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { apiNames, goldenFiles, goldenFolder } from './golden.ts';

function recordApis(): void {
  const file = new URL('apis.json', goldenFolder);
  const recorded = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as [number, string][])
    : [];
  const ids = new Set(recorded.map(([id]) => id));
  const all = [...recorded, ...apiNames().filter(([id]) => !ids.has(id))];
  const lines = all.sort(([a], [b]) => a - b).map((entry) => JSON.stringify(entry));
  writeFileSync(file, `[\n${lines.join(',\n')}\n]\n`);
}

it('records the golden files that are not there yet', async () => {
  mkdirSync(goldenFolder, { recursive: true });
  recordApis();
  for (const [name, bytes] of await goldenFiles()) {
    const file = new URL(name, goldenFolder);
    if (!existsSync(file)) writeFileSync(file, bytes, { flag: 'wx' });
    expect(existsSync(file)).toBe(true);
  }
});
