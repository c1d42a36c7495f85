/**
 * Bytes as a person can read them: a hex dump with a printable column, and text where the bytes are
 * text. Decoding stops at a limit and says how much it left out.
 */
import { DECODE_BYTES, HEX_ROW_BYTES } from '../limits.ts';

/** One row of a hex dump. */
export interface HexRow {
  readonly offset: string;
  readonly hex: string;
  readonly text: string;
}

/** Bytes, decoded as far as the limit goes. */
export interface DecodedBytes {
  readonly rows: readonly HexRow[];
  /** The bytes as UTF-8, or null when they are not text. */
  readonly text: string | null;
  /** Bytes that the value had and that are not shown here. */
  readonly omitted: number;
}

const CONTROL_CHARACTER = /\p{Cc}/u;
const LAYOUT_CHARACTERS = /[\n\r\t]/g;

/** Decodes base64; bytes that are no base64 come back as null. */
export function bytesFromBase64(base64: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    // The caller shows "undecodable" with the raw text; a page must not fail on one bad value.
    return null;
  }
}

/** Decodes at most `DECODE_BYTES`; `length` is what the program's value had. */
export function decodeBytes(
  bytes: Uint8Array,
  length: number,
  rowBytes: number = HEX_ROW_BYTES,
): DecodedBytes {
  const shown = bytes.subarray(0, DECODE_BYTES);
  const rows: HexRow[] = [];
  for (let offset = 0; offset < shown.length; offset += rowBytes) {
    rows.push(hexRow(shown.subarray(offset, offset + rowBytes), offset, rowBytes));
  }
  const cut = shown.length < Math.max(length, bytes.length);
  return { rows, text: textOf(shown, cut), omitted: Math.max(0, length - shown.length) };
}

function hexRow(bytes: Uint8Array, offset: number, rowBytes: number): HexRow {
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const text = Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·',
  );
  return {
    offset: offset.toString(16).padStart(4, '0'),
    hex: pairs.join(' ').padEnd(rowBytes * 3 - 1),
    text: text.join(''),
  };
}

/** Text only if all of it is valid and printable: half-legible bytes mislead. */
function textOf(bytes: Uint8Array, cut: boolean): string | null {
  if (bytes.length === 0) return '';
  try {
    // `stream` forgives a character that the limit cut in two, and nothing else.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
    return CONTROL_CHARACTER.test(text.replaceAll(LAYOUT_CHARACTERS, '')) ? null : text;
  } catch {
    return null;
  }
}
