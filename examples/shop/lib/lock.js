'use strict';
/** One at a time, in the order of asking: orders of the same stock must not overtake each other. */
class Lock {
  #last = Promise.resolve();

  /** Runs `work` when all earlier work has ended, however it ended. */
  run(work) {
    const result = this.#last.then(work);
    this.#last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}

module.exports = { Lock };
