/**
 * JSON with one spelling: keys sorted by code unit, no blanks, `undefined` left out. Two programs
 * that agree on a value agree on its bytes, so a hash over them can be checked anywhere.
 */

/** Writes `value` in the one spelling. Values that JSON cannot hold are refused with a TypeError. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(element).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([left], [right]) => compare(left, right))
      .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
    return `{${fields.join(',')}}`;
  }
  return scalar(value);
}

function element(value: unknown): string {
  return value === undefined ? 'null' : canonicalJson(value);
}

function scalar(value: unknown): string {
  const unfit = typeof value === 'number' && !Number.isFinite(value);
  const text: string | undefined = unfit ? undefined : JSON.stringify(value);
  if (text === undefined) throw new TypeError(`JSON cannot hold ${String(value)}`);
  return text;
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
