/**
 * Add-ons that are known to compute and nothing else: no file, no socket, no state outside the values they
 * are given. Followers load these and compute for themselves, for what they return is large or is written
 * into buffers that they are given. Those that cannot be followed are named with the reason. All others act in the leader only.
 */
import path from 'node:path';
import { originals } from '../../core/originals.ts';

/** Names of packages, whole or up to a `*`, with the reason why they stand here. */
const computeOnly: readonly (readonly [pattern: string, why: string])[] = [
  ['bufferutil', 'masks the buffers it is given'],
  ['utf-8-validate', 'looks at a buffer'],
  ['xxhash-addon', 'hashes'],
  ['@node-rs/crc32*', 'checksums'],
  ['@node-rs/xxhash*', 'hashes'],
  ['lightningcss*', 'compiles style sheets from text to text'],
  ['@tailwindcss/oxide*', 'scans text'],
  ['@rollup/rollup-*', 'parses source text'],
  ['@swc/core*', 'compiles source text'],
  ['oxc-parser*', 'parses source text'],
  ['@oxc-parser/*', 'parses source text'],
  ['msgpackr-extract', 'decodes buffers'],
  ['@msgpackr-extract/*', 'decodes buffers'],
  ['cbor-extract', 'decodes buffers'],
  ['@cbor-extract/*', 'decodes buffers'],
];

/** Packages between whose native part and JavaScript goes what no call tells of. */
const cannotBeFollowed: typeof computeOnly = [
  ['lmdb', 'its native part writes into buffers between calls'],
  ['@lmdb/*', 'its native part writes into buffers between calls'],
  [
    'zeromq',
    'its classes cannot be changed, and accessors that it adds to them ask native code unseen',
  ],
];

/** Whether the add-on in this file only computes. */
export function onlyComputes(file: string): boolean {
  return reasonIn(computeOnly, file) !== null;
}

/** Why the add-on in this file cannot be followed; null when nothing is known against it. */
export function whyNotFollowed(file: string): string | null {
  return reasonIn(cannotBeFollowed, file);
}

function reasonIn(list: typeof computeOnly, file: string): string | null {
  const name = packageOf(file);
  const known = list.find(([pattern]) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
  return known?.[1] ?? null;
}

/** The name of the package that a file belongs to; '' when it belongs to none. */
export function packageOf(file: string): string {
  for (let folder = path.dirname(file); folder !== path.dirname(folder); ) {
    const name = nameIn(path.join(folder, 'package.json'));
    if (name !== null) return name;
    folder = path.dirname(folder);
  }
  return '';
}

function nameIn(file: string): string | null {
  try {
    const { name } = JSON.parse(originals.readFileSync(file, 'utf8')) as { name?: unknown };
    return typeof name === 'string' ? name : null;
  } catch {
    return null; // No such file, or one without a name: the folder above is asked.
  }
}
