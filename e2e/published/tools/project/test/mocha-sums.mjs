import assert from 'node:assert';
import { describe, it } from 'mocha';
import { sum } from '../src/helper.js';

describe('sum', () => {
  it('sums', () => assert.equal(sum([1, 2]), 3));
  it('waits', (done) => {
    setTimeout(done, 10);
  });
});
