/** Compares what two replicas said of their start: the initial setting, and what their agents hooked. */
import type { Coverage } from '@lockstep/protocol';

type Setting = Readonly<Record<string, string>>;

/** Names of the fields that are not the same in both, in order. */
export function differingFields(reference: Setting, setting: Setting): readonly string[] {
  const names = new Set([...Object.keys(reference), ...Object.keys(setting)]);
  return [...names].filter((name) => reference[name] !== setting[name]).sort(compare);
}

/** What one agent hooked and the other did not, as a short text; null when they are the same. */
export function coverageDifference(reference: Coverage, coverage: Coverage): string | null {
  const expected = new Set(reference.unhooked.map(({ api }) => api));
  const actual = new Set(coverage.unhooked.map(({ api }) => api));
  const differing = [
    ...[...actual].filter((api) => !expected.has(api)).map((api) => `${api} is not hooked`),
    ...[...expected].filter((api) => !actual.has(api)).map((api) => `${api} is hooked there only`),
  ];
  if (differing.length > 0) return differing.slice(0, 5).join(', ');
  if (reference.hooked === coverage.hooked) return null;
  return `${coverage.hooked} instead of ${reference.hooked}`;
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
