import { expect, it } from 'vitest';
import { packages, readPage, readText, sourcesOf } from '../src/workspace.ts';

/** What each package takes from which others, types included. */
function importedBy(name: (typeof packages)[number]): readonly string[] {
  const text = sourcesOf(name)
    .map(readText)
    .join('\n')
    .replaceAll(/^ \*.*$/gm, '');
  const names = [...text.matchAll(/(?:from |import\()'@lockstep\/([a-z-]+)/g)].map(
    ([, one]) => one,
  );
  const resolved = [...text.matchAll(/resolve\('@lockstep\/([a-z-]+)/g)].map(([, one]) => one);
  return [...new Set([...names, ...resolved].map(String))].sort((left, right) =>
    left.localeCompare(right),
  );
}

const table = readPage('docs/ARCHITECTURE.md').text.split('## Who may import whom')[1] ?? '';

it.each(packages)('%s imports what ARCHITECTURE.md allows it', (name) => {
  const row = table.split('\n').find((line) => line.startsWith(`| \`${name}\` `)) ?? '';
  const allowed = [...(row.split('|')[2] ?? '').matchAll(/`([a-z]+)`/g)].map(([, one]) => one);
  expect(row).not.toBe('');
  expect(importedBy(name)).toEqual(allowed);
});

it.each(packages)('%s reaches into no other package by path', (name) => {
  const outside = sourcesOf(name).filter((path) => {
    const upward = [...readText(path).matchAll(/from '((?:\.\.\/)+)/g)];
    return upward.some(([, steps = '']) => steps.length / 3 > path.split('/').length - 2);
  });
  expect(outside).toEqual([]);
});
