import { sum } from './helper.js';

class Counter {
  #count = 1;
  get count() {
    return this.#count;
  }
}

/**
 * Greets.
 * @param {string} name whom
 */
export function greet(name) {
  return `hello ${name} ${sum([1, 2, 3].map((x) => x ** 2))} ${new Counter().count}`;
}

console.log(greet('world'));
