import { existsSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allPages, filesIn, type Page, readPage, root } from '../src/workspace.ts';

const pages = allPages();

/** Text outside fenced code. */
function prose({ text }: Page): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '');
}

function linksOf(page: Page): readonly string[] {
  const inline = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => String(target));
  return inline.filter((target) => !/^[a-z][a-z+.-]*:/.test(target));
}

/** Anchors as GitHub makes them from headings. */
function anchorsOf(page: Page): readonly string[] {
  return [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(pages)('$path', (page) => {
  it('links to what exists', () => {
    const dead = linksOf(page).filter((target) => {
      const [path = ''] = target.split('#');
      return path !== '' && !existsSync(join(root, page.folder, path));
    });
    expect(dead).toEqual([]);
  });

  it('links to headings that exist', () => {
    const dead = linksOf(page).filter((target) => {
      const [path = '', anchor] = target.split('#');
      if (anchor === undefined) return false;
      const other = path === '' ? page : readPage(normalize(join(page.folder, path)));
      return !anchorsOf(other).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  it('names files that exist', () => {
    const named = [
      ...prose(page).matchAll(/`((?:[\w@.-]+\/)+[\w.-]+\.(?:tsx?|m?js|cjs|json|md|svg))`/g),
    ];
    const dead = named
      .map(([, path]) => String(path))
      .filter(
        (path) => !(existsSync(join(root, path)) || existsSync(join(root, page.folder, path))),
      );
    expect(dead).toEqual([]);
  });
});

describe('docs', () => {
  it('shows every image somewhere', () => {
    const shown = pages.flatMap((page) =>
      linksOf(page).map((target) => normalize(join(page.folder, target))),
    );
    const images = filesIn('docs/images', /./).map((name) => `docs/images/${name}`);
    expect(images.filter((image) => !shown.includes(image))).toEqual([]);
  });

  it('lists every decision record under its own title', () => {
    const records = filesIn('docs/adr', /^\d{4}-.+\.md$/);
    const index = readPage('docs/adr/README.md').text;
    const expected = records.map((name) => {
      const [, number, title] = /^# (\d{4}): (.+)$/m.exec(readPage(`docs/adr/${name}`).text) ?? [];
      return `| [${number}](${name}) | ${title} |`;
    });
    expect(index.match(/^\| \[.+$/gm)?.map((line) => line.replaceAll(/ +/g, ' '))).toEqual(
      expected,
    );
  });

  it('keeps decision records short', () => {
    const long = pages.filter(
      ({ path, text }) => /adr\/\d{4}-/.test(path) && text.trimEnd().split('\n').length > 25,
    );
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});
