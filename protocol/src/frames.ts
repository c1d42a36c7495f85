/**
 * Headers of the two binary frames (SPEC, section BF): batches of records and frames of the log. The
 * header says format version, stream (a log's number within its replica) and first sequence number, so
 * that duplicates are recognised and holes seen before a byte of the body is touched.
 */
import { ByteSink } from './byte-sink.ts';
import { ByteSource, MalformedBytes } from './byte-source.ts';
import { MAX_MESSAGE_BYTES, MAX_STREAMS } from './limits.ts';
import { PROTOCOL_VERSION } from './version.ts';

export const FrameKind = { records: 1, log: 2 } as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

/** Digests in the batch have 16 bytes instead of 8. */
export const STRONG = 1;
/** The log frame's plain bytes were compressed (deflate) before encryption. */
export const COMPRESSED = 2;

/** Bytes of either header. */
export const FRAME_HEADER_BYTES = 48;
/** AES-256-GCM tag at the end of a log frame, bytes. */
export const LOG_TAG_BYTES = 16;

/**
 * What both headers carry. `first`: sequence number of the first record, or number of the log frame.
 * `count`: records in the batch, or entries in the frame. `finishedTurns`, `total`: the watermark (turns
 * that the replica has finished, counted from the entry; records or entries sent so far, these included).
 * `turnBase`: turns in the batch are relative to it; in a log frame, deliveries before the frame.
 */
export interface FrameHeader {
  readonly kind: FrameKind;
  readonly flags: number;
  readonly stream: number;
  readonly first: number;
  readonly count: number;
  readonly finishedTurns: number;
  readonly total: number;
  readonly turnBase: number;
}

/** Writes a header; its bytes are authenticated with a log frame's cipher text. */
export function writeFrameHeader(sink: ByteSink, header: FrameHeader): void {
  sink.u8(header.kind);
  sink.u8(PROTOCOL_VERSION);
  sink.u16(header.flags);
  sink.u32(header.stream);
  sink.u64(header.first);
  sink.u32(header.count);
  sink.u32(0);
  sink.u64(header.finishedTurns);
  sink.u64(header.total);
  sink.u64(header.turnBase);
}

/** A header's bytes by themselves. */
export function frameHeaderBytes(header: FrameHeader): Uint8Array {
  const sink = new ByteSink(FRAME_HEADER_BYTES);
  writeFrameHeader(sink, header);
  return sink.bytes().slice();
}

/**
 * Reads a header. Throws `MalformedBytes` for another kind or version, a flag that the kind does not
 * have, a stream or message over its limit, numbers that leave what a double holds exactly.
 */
export function readFrameHeader(frame: Uint8Array): FrameHeader {
  if (frame.length > MAX_MESSAGE_BYTES)
    throw new MalformedBytes(`message of ${frame.length} bytes, at most ${MAX_MESSAGE_BYTES}`, 0);
  const source = new ByteSource(frame);
  const kind = source.u8();
  const version = source.u8();
  if (version !== PROTOCOL_VERSION) throw new MalformedBytes(`frame version ${version}`, 1);
  if (kind !== FrameKind.records && kind !== FrameKind.log)
    throw new MalformedBytes(`frame kind ${kind}`, 0);
  const flags = source.u16();
  if ((flags & ~(kind === FrameKind.records ? STRONG : COMPRESSED)) !== 0)
    throw new MalformedBytes(`flags ${flags} of frame kind ${kind}`, 2);
  const stream = source.u32();
  if (stream >= MAX_STREAMS) throw new MalformedBytes(`stream ${stream}`, 4);
  const first = source.u64();
  const count = source.u32();
  if (source.u32() !== 0) throw new MalformedBytes('reserved bytes are set', 20);
  const finishedTurns = source.u64();
  const total = source.u64();
  const turnBase = source.u64();
  if (!Number.isSafeInteger(first + count) || !Number.isSafeInteger(turnBase + 0xffff_ffff))
    throw new MalformedBytes('sequence numbers end here', 8);
  return { kind, flags, stream, first, count, finishedTurns, total, turnBase };
}
