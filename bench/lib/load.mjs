/** A fixed amount of requests on the loopback address, with the time of each. */
// biome-ignore lint/correctness/noUnresolvedImports: its package.json names its main file without the extension
import autocannon from 'autocannon';

/**
 * Sends `amount` requests over `connections`; at `rate` a second in all, or (0) as fast as answers come.
 * Resolves with the seconds it took and each answer's milliseconds; rejects when one was no success.
 */
export function sendRequests(url, requests, { amount, connections, rate = 0 }) {
  const times = [];
  let lastAt = 0;
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const options = { url, requests, amount, connections, ...(rate > 0 && { overallRate: rate }) };
    const load = autocannon(options, (error, result) => {
      if (error) return reject(error);
      const failed = result.non2xx + result.errors + result.timeouts;
      if (failed > 0) return reject(new Error(`${failed} of ${amount} requests to ${url} failed`));
      return resolve({ seconds: (lastAt - startedAt) / 1000, times });
    });
    load.on('response', (_client, _status, _bytes, milliseconds) => {
      times.push(milliseconds);
      // Not when it is done: it looks for that once a second.
      lastAt = performance.now();
    });
  });
}
