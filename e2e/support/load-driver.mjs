/**
 * Load from a process of its own, so that nothing that is tested shares its loop: COUNT requests over
 * CONNECTIONS keep-alive connections to URL, or requests until standard input ends when COUNT is 0.
 * Prints one JSON object at the end: {sent, ok, failed, firstFailure, slowestMs}.
 */
import { Agent, request } from 'node:http';

const [url = '', countText = '0', connectionsText = '50'] = process.argv.slice(2);
const count = Number(countText);
const connections = Number(connectionsText);
/** A request that takes longer has failed, milliseconds. */
const TIMEOUT_MS = 20_000;

const agent = new Agent({ keepAlive: true, maxSockets: connections });
const totals = { sent: 0, ok: 0, failed: 0, firstFailure: null, slowestMs: 0 };
let isOver = false;
const body = 'x'.repeat(300);

function send(number) {
  return new Promise((resolve) => {
    const method = number % 3 === 0 ? 'POST' : 'GET';
    const sent = request(`${url}/item/${number}`, { method, agent, timeout: TIMEOUT_MS });
    sent.on('timeout', () => sent.destroy(new Error('timeout')));
    sent.on('error', (error) => resolve(error.message));
    sent.on('response', (response) => {
      response.resume();
      response.on('error', (error) => resolve(error.message));
      response.on('end', () => resolve(response.statusCode === 200 ? null : response.statusCode));
    });
    sent.end(method === 'POST' ? body : undefined);
  });
}

async function connection() {
  while (!isOver && (count === 0 || totals.sent < count)) {
    totals.sent += 1;
    const start = performance.now();
    const failure = await send(totals.sent);
    totals.slowestMs = Math.max(totals.slowestMs, Math.round(performance.now() - start));
    if (failure === null) totals.ok += 1;
    else totals.failed += 1;
    totals.firstFailure ??= failure;
    // Whoever stopped the load did not wait for the answer; a failure afterwards is its business.
    if (failure !== null && count === 0) return;
  }
}

if (count === 0) {
  process.stdin.on('end', () => {
    isOver = true;
  });
  process.stdin.resume();
}
console.error('load: on');
await Promise.all(Array.from({ length: connections }, connection));
agent.destroy();
process.stdin.destroy();
console.log(JSON.stringify(totals));
