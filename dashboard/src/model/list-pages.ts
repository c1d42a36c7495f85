/**
 * Puts one live item into a list that was loaded page by page, without asking for the pages again.
 * A loaded list is a prefix of the whole: an item that belongs behind its end is only counted.
 */
import type { Page } from '@lockstep/protocol';
import type { ListRules } from './list-rules.ts';

/** A list as loaded so far, in the shape the query cache keeps. */
export interface LoadedPages<T> {
  readonly pages: readonly Page<T>[];
  readonly pageParams: readonly unknown[];
}

/** The list after an item came; `ask` tells that only a refetch can be right. */
export interface Upserted<T> {
  readonly list: LoadedPages<T>;
  readonly ask: boolean;
}

/** Inserts, replaces, moves or removes one item. */
export function upsertItem<T extends { readonly id: string }>(
  list: LoadedPages<T>,
  item: T,
  rules: ListRules<T>,
): Upserted<T> {
  const known = findItem(list, item.id);
  if (known !== null && !rules.supersedes(item, known)) return { list, ask: false };
  const belonging = rules.belongs(item);
  if (belonging === 'ask') return { list: replaceItem(list, item), ask: true };
  if (belonging === 'out') {
    return { list: known === null ? list : removeItem(list, item.id), ask: false };
  }
  if (known === null) return { list: insertItem(list, item, rules), ask: false };
  const moved = rules.compare(item, known) !== 0;
  return {
    list: moved ? insertItem(removeItem(list, item.id), item, rules) : replaceItem(list, item),
    ask: false,
  };
}

/** All items of a list, each id once: a cursor may repeat what moved between two requests. */
export function flattenPages<T extends { readonly id: string }>(list: LoadedPages<T>): T[] {
  const byId = new Map<string, T>();
  for (const page of list.pages) {
    for (const item of page.items) if (!byId.has(item.id)) byId.set(item.id, item);
  }
  return [...byId.values()];
}

function findItem<T extends { readonly id: string }>(list: LoadedPages<T>, id: string): T | null {
  for (const page of list.pages) {
    const found = page.items.find((item) => item.id === id);
    if (found !== undefined) return found;
  }
  return null;
}

function mapPages<T>(
  list: LoadedPages<T>,
  change: (items: readonly T[], index: number) => readonly T[],
  totalChange: number,
): LoadedPages<T> {
  return {
    ...list,
    pages: list.pages.map((page, index) => ({
      ...page,
      items: change(page.items, index),
      total: Math.max(0, page.total + totalChange),
    })),
  };
}

function replaceItem<T extends { readonly id: string }>(
  list: LoadedPages<T>,
  item: T,
): LoadedPages<T> {
  return mapPages(list, (items) => items.map((old) => (old.id === item.id ? item : old)), 0);
}

function removeItem<T extends { readonly id: string }>(
  list: LoadedPages<T>,
  id: string,
): LoadedPages<T> {
  return mapPages(list, (items) => items.filter((old) => old.id !== id), -1);
}

function insertItem<T extends { readonly id: string }>(
  list: LoadedPages<T>,
  item: T,
  rules: ListRules<T>,
): LoadedPages<T> {
  const target = list.pages.findIndex((page) =>
    page.items.some((old) => rules.compare(item, old) < 0),
  );
  const last = list.pages.length - 1;
  const complete = list.pages[last]?.nextCursor === null;
  const at = target === -1 && complete ? last : target;
  return mapPages(list, (items, index) => (index === at ? place(items, item, rules) : items), 1);
}

function place<T>(items: readonly T[], item: T, rules: ListRules<T>): readonly T[] {
  const before = items.findIndex((old) => rules.compare(item, old) < 0);
  return before === -1 ? [...items, item] : items.toSpliced(before, 0, item);
}
