/**
 * The edge: text that came over a socket becomes a typed frame or a refusal, once. Every string, list and
 * number is bounded here, so that nothing behind needs to ask.
 */
import * as v from 'valibot';
import { MAX_CONTROL_BYTES } from '../limits.ts';

/** A frame, or why it is none. */
export type Parsed<T> =
  | { readonly ok: true; readonly frame: T }
  | { readonly ok: false; readonly why: string };

/** Parses one control frame by a schema. Never throws. */
export function parseFrame<T>(schema: v.GenericSchema<unknown, T>, text: string): Parsed<T> {
  if (text.length > MAX_CONTROL_BYTES) {
    return {
      ok: false,
      why: `control frame of ${text.length} characters, at most ${MAX_CONTROL_BYTES}`,
    };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, why: 'control frame is not JSON' };
  }
  const result = v.safeParse(schema, json);
  if (result.success) return { ok: true, frame: result.output };
  const [issue] = result.issues;
  return { ok: false, why: `control frame: ${v.getDotPath(issue) ?? 'frame'}: ${issue.message}` };
}
