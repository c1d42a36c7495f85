/** The workspace as the documents' tests see it: pages, sources, and what is written in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the whole workspace. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Packages whose sources the documents speak of. */
export const packages = ['protocol', 'agent', 'collector', 'dashboard', 'cli'] as const;
export type PackageName = (typeof packages)[number];

/** One document: its path from the root, and its text. */
export interface Page {
  readonly path: string;
  readonly folder: string;
  readonly text: string;
}

/** README.md, the pages of docs/ and the decision records. */
export function allPages(): readonly Page[] {
  const inDocs = ['docs', 'docs/adr'].flatMap((folder) =>
    filesIn(folder, /\.md$/).map((name) => join(folder, name)),
  );
  return ['README.md', ...inDocs].map(readPage);
}

export function readPage(path: string): Page {
  return { path, folder: dirname(path), text: readText(path) };
}

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Names of the files right in a folder that fit. */
export function filesIn(folder: string, fits: RegExp): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && fits.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** Paths of all TypeScript sources of a package, from the root. */
export function sourcesOf(name: PackageName): readonly string[] {
  const folder = join(name, 'src');
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => join(folder, path))
    .sort();
}
