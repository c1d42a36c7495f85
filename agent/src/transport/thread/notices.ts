/** What the transport tells the person at the terminal: one line each, once, past every patched stream. */
import { writeSync } from 'node:fs';

const STDERR = 2;

/** Says each sentence once. */
export class Notices {
  private readonly said = new Set<string>();

  say(code: string, sentence: string): void {
    if (this.said.has(code)) return;
    this.said.add(code);
    try {
      writeSync(STDERR, `lockstep: ${sentence}\n`);
    } catch (error) {
      // Nobody reads standard error (closed, or a full pipe): the counters say it as well.
      this.said.add(`${code}: ${String(error)}`);
    }
  }
}
