/**
 * HOT. Copies a record's bytes into a segment. A view of the source and `set` cost 80 to 100 ns whatever
 * the length, a loop over words a quarter of a nanosecond a byte: most records are below 200 bytes.
 */

/** Up to which a loop over bytes is quickest. */
const LOOP_BYTES = 16;
/** Up to which a loop over words is quicker than `set`. */
const WORDS_BYTES = 512;

/** For one kind of source at a time: the words over it are kept until another comes. */
export class ByteCopy {
  private source: Uint8Array = new Uint8Array(0);
  private words: Int32Array = new Int32Array(0);

  /**
   * The first `length` bytes of `source` to `at` of a target that both views lie over. `at` is a multiple
   * of four, and up to three bytes behind the copy may change.
   */
  copy(bytes: Uint8Array, words: Int32Array, at: number, source: Uint8Array, length: number): void {
    if (length <= LOOP_BYTES) {
      for (let i = 0; i < length; i++) bytes[at + i] = source[i] as number;
      return;
    }
    if (length > WORDS_BYTES) {
      bytes.set(length === source.length ? source : source.subarray(0, length), at);
      return;
    }
    if (source !== this.source) this.view(source);
    this.copyWords(words, at >> 2, length);
    for (let i = this.words.length * 4; i < length; i++) bytes[at + i] = source[i] as number;
  }

  private copyWords(words: Int32Array, at: number, length: number): void {
    const own = this.words;
    const count = Math.min((length + 3) >> 2, own.length);
    for (let i = 0; i < count; i++) words[at + i] = own[i] as number;
  }

  /** No words over a source that does not begin at one. */
  private view(source: Uint8Array): void {
    const { buffer, byteOffset, length } = source;
    const count = byteOffset % Int32Array.BYTES_PER_ELEMENT === 0 ? length >> 2 : 0;
    this.source = source;
    this.words = new Int32Array(buffer, count === 0 ? 0 : byteOffset, count);
  }
}
