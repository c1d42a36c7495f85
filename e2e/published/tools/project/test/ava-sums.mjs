import test from 'ava';
import { sum } from '../src/helper.js';

test('sums', (t) => t.is(sum([1, 2]), 3));
test('waits', async (t) => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.pass();
});
