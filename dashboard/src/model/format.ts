/**
 * Numbers and times as people read them. Two rules: a share is never rounded up to 100 %, and what
 * is not known is a dash, never a zero.
 */

const count = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** Shown where a value is not known. */
export const UNKNOWN = '—';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `12,345`. */
export function formatCount(value: number): string {
  return count.format(value);
}

/** `1 alert`, `2 alerts`. */
export function formatPlural(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** Calls a second; one decimal below ten, where it tells something. */
export function formatRate(perSecond: number): string {
  return perSecond < 10 ? oneDigit.format(perSecond) : count.format(perSecond);
}

/** Share in per cent, rounded down to two decimals: 99.999 % is not 100 %. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return UNKNOWN;
  const percent = Math.floor((part / whole) * 10_000) / 100;
  return `${percent >= 100 ? '100' : percent.toFixed(2)} %`;
}

/** A duration: `1.3 ms`, `45 ms`, `2.1 s`, `3 min`. */
export function formatDuration(durationMs: number | null): string {
  if (durationMs === null) return UNKNOWN;
  if (durationMs < 10) return `${oneDigit.format(durationMs)} ms`;
  if (durationMs < SECOND_MS) return `${count.format(durationMs)} ms`;
  if (durationMs < MINUTE_MS) return `${oneDigit.format(durationMs / SECOND_MS)} s`;
  return `${count.format(Math.floor(durationMs / MINUTE_MS))} min`;
}

/** How long ago: `now`, `12 s ago`, `3 min ago`, `2 h ago`, `5 d ago`. */
export function formatAge(iso: string, nowMs: number): string {
  const ageMs = nowMs - Date.parse(iso);
  if (Number.isNaN(ageMs)) return UNKNOWN;
  if (ageMs < 2 * SECOND_MS) return 'now';
  if (ageMs < MINUTE_MS) return `${Math.floor(ageMs / SECOND_MS)} s ago`;
  if (ageMs < HOUR_MS) return `${Math.floor(ageMs / MINUTE_MS)} min ago`;
  if (ageMs < DAY_MS) return `${Math.floor(ageMs / HOUR_MS)} h ago`;
  return `${Math.floor(ageMs / DAY_MS)} d ago`;
}

/** Time of day `14:03:22` in the reader's zone (or `timeZone`); not today: `2026-07-29 14:03`. */
export function formatTime(atMs: number, nowMs: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = new Intl.DateTimeFormat('en-CA', { ...zone, dateStyle: 'short' });
  const sameDay = day.format(atMs) === day.format(nowMs);
  const timeStyle = sameDay ? 'medium' : 'short';
  const time = new Intl.DateTimeFormat('en-GB', { ...zone, timeStyle }).format(atMs);
  return sameDay ? time : `${day.format(atMs)} ${time}`;
}

/** Size in bytes: `42 B`, `1.2 kB`, `3.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${oneDigit.format(bytes / 1_000)} kB`;
  return `${oneDigit.format(bytes / 1_000_000)} MB`;
}

/** `20.20.2`, however a replica wrote it. */
export function formatNodeVersion(version: string): string {
  return version.replace(/^v/, '');
}

/** First characters of a long identifier, enough to tell a few apart; the full one goes in a title. */
export function shortId(id: string): string {
  return id.length > 12 ? id.slice(0, 8) : id;
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  const last = words.at(-1);
  if (last === undefined) return '';
  return words.length === 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
