/**
 * A network that breaks: a relay on the loopback address between launchers and the collector, which
 * delays, stalls, cuts in the middle of a frame, and lets connections overtake each other. What it does is
 * drawn from a seed that a failing test prints.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './ports.ts';

/** How bad it is, each as milliseconds or a share. */
export interface Weather {
  /** Each piece waits so long at most; pieces of one connection stay in order, those of others do not. */
  readonly delayMs: number;
  /** Share of pieces after which the connection is cut, the rest of the piece lost. */
  readonly cutShare: number;
  /** Share of pieces that make their connection stall for `stallMs`. */
  readonly stallShare: number;
  readonly stallMs: number;
}

export const fairWeather: Weather = { delayMs: 0, cutShare: 0, stallShare: 0, stallMs: 0 };

/** One relay. `weather` may be changed while it runs. */
export class BadNetwork {
  weather: Weather = fairWeather;
  readonly counts: { connections: number; cuts: number; stalls: number } = {
    connections: 0,
    cuts: 0,
    stalls: 0,
  };
  readonly port: number;
  readonly #server: Server;
  readonly #open: Set<Socket> = new Set();
  #state: number;

  private constructor(port: number, targetPort: number, seed: number) {
    this.port = port;
    this.#state = seed;
    this.#server = createServer((near) => this.#join(near, targetPort));
  }

  static async start(targetPort: number, seed: number): Promise<BadNetwork> {
    const network = new BadNetwork(await freePort(), targetPort, seed);
    await new Promise<void>((resolve) => {
      network.#server.listen(network.port, '127.0.0.1', resolve);
    });
    return network;
  }

  /** For `--collector`. */
  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** Cuts every connection at once. */
  cutAll(): void {
    for (const socket of this.#open) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket, targetPort: number): void {
    this.counts.connections++;
    const far = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#open.add(from);
      from.once('close', () => {
        this.#open.delete(from);
        to.destroy();
      });
      // A cut connection says so; what comes of it is what the test looks at.
      from.on('error', () => undefined);
      this.#carry(from, to);
    }
  }

  #carry(from: Socket, to: Socket): void {
    const line = new DelayLine();
    from.on('data', (piece: Buffer) => {
      const { delayMs, cutShare, stallShare, stallMs } = this.weather;
      const isCut = this.#draw() < cutShare;
      const isStalled = this.#draw() < stallShare;
      if (isStalled) this.counts.stalls++;
      line.add(this.#draw() * delayMs + (isStalled ? stallMs : 0), () =>
        this.#hand(from, to, piece, isCut),
      );
    });
    from.once('end', () => line.add(0, () => to.end()));
  }

  #hand(from: Socket, to: Socket, piece: Buffer, isCut: boolean): void {
    if (to.destroyed) return;
    to.write(isCut ? piece.subarray(0, Math.floor(piece.length / 2)) : piece);
    if (!isCut) return;
    this.counts.cuts++;
    from.resetAndDestroy();
    to.destroySoon();
  }

  /** In [0, 1); the same numbers for the same seed. */
  #draw(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }
}

/** Things that happen in their order, each a while after it came: delays overlap, they do not add up. */
class DelayLine {
  readonly #waiting: { readonly due: number; readonly run: () => void }[] = [];
  #lastDue = 0;

  add(waitMs: number, run: () => void): void {
    this.#lastDue = Math.max(this.#lastDue, performance.now() + waitMs);
    this.#waiting.push({ due: this.#lastDue, run });
    if (this.#waiting.length === 1) this.#next();
  }

  #next(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const left = first.due - performance.now();
      if (left > 0) {
        setTimeout(() => this.#next(), Math.ceil(left));
        return;
      }
      first.run();
      this.#waiting.shift();
    }
  }
}
