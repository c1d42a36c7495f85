/** A few requests a second, as any service has: what a person at a demonstration sees, and no load. */

/** Pause between two requests, milliseconds. */
const EVERY_MS = 100;

/** Sends requests one after the other until it is stopped; failures are the service's own affair. */
export class Traffic {
  readonly #url: string;
  readonly #over: Promise<void>;
  readonly #stopping: AbortController = new AbortController();

  constructor(url: string) {
    this.#url = url;
    this.#over = this.#send();
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    return this.#over;
  }

  async #send(): Promise<void> {
    for (let number = 1; !this.#stopping.signal.aborted; number += 1) {
      await fetch(`${this.#url}/item/${number}`)
        .then((response) => response.arrayBuffer())
        .catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
}
