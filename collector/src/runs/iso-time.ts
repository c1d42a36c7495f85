/** A time as the HTTP API writes it. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
