/**
 * Streams of blobs. Newer Nodes hand their pieces over in immediates that no hook sees; there the stream is
 * made from `slice` and `arrayBuffer`, in both roles: the same pieces, at moments that are the program's
 * own. Everything else of a blob in memory settles in the turn that asked.
 */
import type { HookContext } from '../core/hook-context.ts';
import { type AnyFunction, patch } from '../core/patch.ts';

/** First version whose streams wait for immediates of Node's own. */
const FIRST_VERSION = 24;

/** Bytes of one piece, as Node cuts them. */
const PIECE_BYTES = 65_536;

/** Replaces `Blob.prototype.stream` where it cannot be followed. */
export function hookBlobs({ report }: HookContext): void {
  if (Number(process.versions.node.split('.')[0]) < FIRST_VERSION) return;
  patch(
    report,
    Blob.prototype,
    'stream',
    'Blob.stream',
    (original: AnyFunction) =>
      function stream(this: unknown, ...args: unknown[]): unknown {
        return this instanceof Blob ? streamOf(this) : Reflect.apply(original, this, args);
      },
  );
}

/** What a stream of bytes asks of its source; the lib of Node has no name for it. */
interface PieceController {
  readonly byobRequest: { respond(bytes: number): void } | null;
  enqueue(piece: Uint8Array): void;
  close(): void;
}

function streamOf(blob: Blob): object {
  let at = 0;
  const source = {
    type: 'bytes' as const,
    async pull(controller: PieceController): Promise<void> {
      const end = Math.min(at + PIECE_BYTES, blob.size);
      if (at === end) {
        controller.close();
        controller.byobRequest?.respond(0);
        return;
      }
      const piece = await blob.slice(at, end).arrayBuffer();
      at = end;
      controller.enqueue(new Uint8Array(piece));
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}
