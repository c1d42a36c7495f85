'use strict';
/**
 * Keeps one file equal to a value that changes often: changes within a moment become one write, a write
 * never overlaps the next, and readers see the old or the new file, never half of one.
 */
const fs = require('node:fs');

/** How long changes are gathered, milliseconds. */
const GATHER_MS = 25;

class CoalescingWriter {
  #file;
  #render;
  #timer = null;
  #writing = null;

  constructor(file, render) {
    this.#file = file;
    this.#render = render;
  }

  /** The value changed. */
  touch() {
    this.#timer ??= setTimeout(() => this.#start(), GATHER_MS);
  }

  /** Writes what is not written yet. */
  async flush() {
    if (this.#timer !== null) this.#start();
    await this.#writing;
  }

  #start() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = (this.#writing ?? Promise.resolve()).then(() => this.#write());
  }

  async #write() {
    const temporary = `${this.#file}.next`;
    try {
      await fs.promises.writeFile(temporary, this.#render());
      await fs.promises.rename(temporary, this.#file);
    } catch (error) {
      console.error(`shop: ${this.#file} could not be written: ${error.message}`);
    }
  }
}

module.exports = { CoalescingWriter };
