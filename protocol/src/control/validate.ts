/**
 * The edge: text that came over a socket becomes a typed frame or a refusal, once. Every string, list and
 * number is bounded here, so that nothing behind needs to ask.
 */
import * as v from 'valibot';
import { CloseCode } from '../close-codes.ts';
import { MAX_CONTROL_BYTES } from '../limits.ts';
import { PROTOCOL_VERSION } from '../version.ts';

/** Characters of a refusal; what was received is quoted in it and may be long. */
const MAX_WHY_CHARS = 400;

/** A frame, or why it is none and the code to close the connection with. */
export type Parsed<T> =
  | { readonly ok: true; readonly frame: T }
  | { readonly ok: false; readonly why: string; readonly code: CloseCode };

/**
 * Parses one control frame by a schema. Never throws. A frame of another version that this schema can
 * read is accepted, for its `version` says so; one that it cannot read is refused as of that version.
 */
export function parseFrame<T>(schema: v.GenericSchema<unknown, T>, text: string): Parsed<T> {
  const bytes = byteLength(text);
  if (bytes > MAX_CONTROL_BYTES) {
    const why = `control frame of ${bytes} bytes, at most ${MAX_CONTROL_BYTES}`;
    return { ok: false, why, code: CloseCode.tooLarge };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, why: 'control frame is not JSON', code: CloseCode.malformed };
  }
  const result = v.safeParse(schema, json);
  if (result.success) return { ok: true, frame: result.output };
  if (isOtherVersion(json)) {
    const why = `control frame of another version than ${PROTOCOL_VERSION}`;
    return { ok: false, why, code: CloseCode.version };
  }
  const [issue] = result.issues;
  const why = `control frame: ${v.getDotPath(issue) ?? 'frame'}: ${issue.message}`;
  return { ok: false, why: why.slice(0, MAX_WHY_CHARS), code: CloseCode.malformed };
}

/** Text that is short enough for any encoding is not measured. */
function byteLength(text: string): number {
  if (text.length > MAX_CONTROL_BYTES || text.length * 3 <= MAX_CONTROL_BYTES) return text.length;
  return new TextEncoder().encode(text).length;
}

function isOtherVersion(json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return false;
  const { version } = json as { version?: unknown };
  return typeof version === 'number' && version !== PROTOCOL_VERSION;
}
