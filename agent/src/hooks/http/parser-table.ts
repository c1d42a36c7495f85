/**
 * Which parsers serve connections of the program's HTTP servers, and what names them. Parsers are reused
 * by Node, for other connections and for clients: a name holds from `initialize` to `remove`.
 */
import type { CallRef } from '../../core/door.ts';
import type { NativeParser } from './parser-classes.ts';

/** One parser's use for one connection; as a `CallRef` it names the deliveries of its callbacks. */
export class ParserState implements CallRef {
  readonly api: number;
  readonly lo: number;
  readonly hi: number;
  readonly key: number;
  /** The turn of the request being read, once its head is there; -1: what arrives is a root. */
  turn = -1;
  readonly target: string;
  /** Counts the server parsers of this thread: the same in every replica. */
  readonly number: number;
  /** The parser is at work inside a call from JavaScript. */
  inside = false;
  /** The calls that callbacks made meanwhile, for followers to repeat. */
  told: [number, unknown[]][] | null = null;
  /** The socket's handle, once the native side reads it for this parser. */
  handle: object | null = null;

  constructor(ref: CallRef, number: number) {
    this.api = ref.api;
    this.lo = ref.lo;
    this.hi = ref.hi;
    this.key = ref.key;
    this.target = ref.target;
    this.number = number;
  }
}

/** One parser as long as it lives, and what it serves now. */
export interface ParserUse {
  state: ParserState | undefined;
}

/** All parsers that serve connections. */
export class ParserTable {
  private readonly uses: WeakMap<object, ParserUse> = new WeakMap();
  private readonly byNumber: Map<number, NativeParser> = new Map();
  private used = 0;

  get(parser: object): ParserState | undefined {
    return this.uses.get(parser)?.state;
  }

  /** The same object for the same parser. */
  use(parser: object): ParserUse {
    const known = this.uses.get(parser);
    if (known !== undefined) return known;
    const made: ParserUse = { state: undefined };
    this.uses.set(parser, made);
    return made;
  }

  /** Names the parser for a new connection. */
  add(parser: NativeParser, ref: CallRef): ParserState {
    const state = new ParserState(ref, this.used++);
    this.use(parser).state = state;
    this.byNumber.set(state.number, parser);
    return state;
  }

  remove(parser: object): ParserState | undefined {
    const use = this.uses.get(parser);
    const state = use?.state;
    if (use === undefined || state === undefined) return undefined;
    use.state = undefined;
    this.byNumber.delete(state.number);
    return state;
  }

  numbersOf(parsers: readonly object[]): number[] {
    return parsers.flatMap((parser) => this.get(parser)?.number ?? []);
  }

  parsersOf(numbers: readonly number[]): NativeParser[] {
    return numbers.flatMap((number) => this.byNumber.get(number) ?? []);
  }
}
