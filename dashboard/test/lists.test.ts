/** Lists: what stands in the URL, what a live item does to loaded pages, what keys do. */
import type { Page } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { listCommand, movedIndex } from '../src/model/list-keys.ts';
import { flattenPages, type LoadedPages, upsertItem } from '../src/model/list-pages.ts';
import { alertRules, incidentRules, type ListRules } from '../src/model/list-rules.ts';
import {
  isFiltered,
  nextSort,
  parseAlertSearch,
  parseIncidentSearch,
  parseSearch,
  stringifySearch,
  withFilters,
} from '../src/model/list-search.ts';
import { anAlert, anIncident } from './support/builders.ts';

interface Item {
  readonly id: string;
  readonly rank: number;
}

const byRank: ListRules<Item> = {
  belongs: (item) => (item.rank < 0 ? 'out' : 'in'),
  compare: (a, b) => b.rank - a.rank,
  supersedes: () => true,
};

function pages(more: boolean, ...ranks: number[][]): LoadedPages<Item> {
  const total = ranks.flat().length + (more ? 10 : 0);
  return {
    pages: ranks.map((page, index): Page<Item> => {
      const last = index === ranks.length - 1;
      const items = page.map((rank) => ({ id: `r${rank}`, rank }));
      return { items, nextCursor: last && !more ? null : 'next', total };
    }),
    pageParams: ranks.map(() => null),
  };
}

function ranksAfter(list: LoadedPages<Item>, item: Item): { ranks: number[]; total: number } {
  const after = upsertItem(list, item, byRank).list;
  return {
    ranks: after.pages.flatMap(({ items }) => items.map(({ rank }) => rank)),
    total: after.pages[0]?.total ?? -1,
  };
}

describe('a loaded list', () => {
  it('takes a new item where it belongs, across pages', () => {
    const list = pages(false, [9, 7], [5, 3]);
    expect(ranksAfter(list, { id: 'n', rank: 10 })).toEqual({ ranks: [10, 9, 7, 5, 3], total: 5 });
    expect(ranksAfter(list, { id: 'n', rank: 6 })).toEqual({ ranks: [9, 7, 6, 5, 3], total: 5 });
    expect(ranksAfter(list, { id: 'n', rank: 1 })).toEqual({ ranks: [9, 7, 5, 3, 1], total: 5 });
  });

  it('only counts an item that belongs behind what is loaded', () => {
    const list = pages(true, [9, 7]);
    expect(ranksAfter(list, { id: 'n', rank: 1 })).toEqual({ ranks: [9, 7], total: 13 });
  });

  it('takes its first item', () => {
    expect(ranksAfter(pages(false, []), { id: 'n', rank: 1 })).toEqual({ ranks: [1], total: 1 });
  });

  it('moves an item whose place changed and removes one that fits no more', () => {
    const list = pages(false, [9, 7], [5, 3]);
    expect(ranksAfter(list, { id: 'r3', rank: 8 })).toEqual({ ranks: [9, 8, 7, 5], total: 4 });
    expect(ranksAfter(list, { id: 'r7', rank: -1 })).toEqual({ ranks: [9, 5, 3], total: 3 });
  });

  it('stays the same object when nothing changes', () => {
    const list = pages(false, [9]);
    expect(upsertItem(list, { id: 'n', rank: -1 }, byRank).list).toBe(list);
  });

  it('shows an item once that two pages brought', () => {
    expect(flattenPages(pages(false, [9, 7], [7, 5])).map(({ rank }) => rank)).toEqual([9, 7, 5]);
  });
});

describe('rules of the lists', () => {
  it('compare filters field by field', () => {
    expect(incidentRules({ status: 'open' }).belongs(anIncident())).toBe('in');
    expect(incidentRules({ kind: 'extra-call' }).belongs(anIncident())).toBe('out');
    expect(incidentRules({ runId: 'run-2' }).belongs(anIncident())).toBe('out');
    expect(alertRules({ status: 'resolved' }).belongs(anAlert())).toBe('out');
    expect(alertRules({ q: 'x' }).belongs(anAlert())).toBe('ask');
    expect(alertRules({ q: 'x', service: 'other' }).belongs(anAlert())).toBe('out');
  });

  it('find what names nobody by the word `unattributed`', () => {
    const rules = incidentRules({ suspect: 'unattributed' });
    expect(rules.belongs(anIncident({ suspect: null }))).toBe('in');
    expect(rules.belongs(anIncident({ suspect: 'c' }))).toBe('out');
  });

  it('sort newest first, and severity by rank rather than by letter', () => {
    const older = anAlert({ id: 'o', at: '2026-07-28T00:00:00.000Z', severity: 'critical' });
    const newer = anAlert({ id: 'n', severity: 'medium' });
    expect([older, newer].sort(alertRules({}).compare)).toEqual([newer, older]);
    expect([newer, older].sort(alertRules({ sort: 'severity' }).compare)).toEqual([older, newer]);
    expect([newer, older].sort(alertRules({ order: 'asc' }).compare)).toEqual([older, newer]);
  });
});

describe('the search in the URL', () => {
  it('survives a round trip as plain text', () => {
    const search = { status: 'open', q: 'a b&c=1', sort: 'severity' };
    expect(stringifySearch(search)).toBe('?status=open&q=a+b%26c%3D1&sort=severity');
    expect(parseIncidentSearch(parseSearch(stringifySearch(search)))).toEqual(search);
  });

  it('loses what the list does not know', () => {
    expect(parseIncidentSearch({ status: 'gone', sort: 'x', kind: 1, q: ' ' })).toEqual({});
    expect(parseAlertSearch({ sort: 'openedAt', status: 'acknowledged', runId: 'r' })).toEqual({
      runId: 'r',
    });
  });

  it('drops a filter that is emptied and knows what narrows a list', () => {
    expect(withFilters({ q: 'a', kind: 'x' }, { q: '' })).toEqual({ kind: 'x' });
    expect(isFiltered({ sort: 'at', order: 'asc' })).toBe(false);
    expect(isFiltered({ q: 'a' })).toBe(true);
  });

  it('turns the order of the column that is sorted by', () => {
    expect(nextSort({ sort: 'at', order: 'desc' }, 'at').order).toBe('asc');
    expect(nextSort({ sort: 'at', order: 'asc' }, 'at').order).toBe('desc');
    expect(nextSort({ sort: 'at', order: 'asc' }, 'severity')).toEqual({
      sort: 'severity',
      order: 'desc',
    });
  });
});

describe('keys', () => {
  const press = { key: 'j', modified: false, inField: false, onControl: false };

  it('move, open, search and help', () => {
    expect(listCommand(press)).toEqual({ type: 'move', by: 1 });
    expect(listCommand({ ...press, key: 'Enter' })).toEqual({ type: 'open' });
    expect(listCommand({ ...press, key: '/' })).toEqual({ type: 'search' });
    expect(listCommand({ ...press, key: '?' })).toEqual({ type: 'help' });
    expect(listCommand({ ...press, key: 'x' })).toBeNull();
  });

  it('belong to a field that is typed into, to the browser, to a control', () => {
    expect(listCommand({ ...press, inField: true })).toBeNull();
    expect(listCommand({ ...press, modified: true })).toBeNull();
    expect(listCommand({ ...press, key: 'Enter', onControl: true })).toBeNull();
    expect(listCommand({ ...press, onControl: true })).not.toBeNull();
  });

  it('stop at both ends of the list', () => {
    expect(movedIndex(-1, { type: 'move', by: 1 }, 3)).toBe(0);
    expect(movedIndex(2, { type: 'move', by: 1 }, 3)).toBe(2);
    expect(movedIndex(0, { type: 'move', by: -10 }, 3)).toBe(0);
    expect(movedIndex(0, { type: 'jump', to: 'last' }, 3)).toBe(2);
    expect(movedIndex(0, { type: 'jump', to: 'last' }, 0)).toBe(-1);
  });
});
