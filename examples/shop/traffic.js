'use strict';
/**
 * Light sample traffic: a few customers' worth of requests a second, never more than a few at once. Ends
 * with whoever started it: its standard input is a pipe that closes then.
 */
const http = require('node:http');

/** Requests a second, and the most that may be open at once. */
const RATE = 8;
const MAX_OPEN = 8;
const PRODUCTS = ['kettle', 'teapot', 'mug', 'tea-green', 'tea-black', 'strainer'];

const base = process.env.SHOP_URL ?? 'http://127.0.0.1:8080';
const agent = new http.Agent({ keepAlive: true, maxSockets: MAX_OPEN });
let open = 0;
let lastOrder = null;

function send(method, path, body) {
  open += 1;
  const request = http.request(`${base}${path}`, {
    method,
    agent,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
  });
  request.on('response', (response) => {
    if (response.headers.location !== undefined) lastOrder = response.headers.location;
    response.resume();
  });
  // A shop that is not open yet, or no more, is normal for its customers.
  request.on('error', () => undefined);
  request.on('close', () => {
    open -= 1;
  });
  request.end(body === undefined ? undefined : JSON.stringify(body));
}

function pick(list) {
  return list[Math.floor(Math.random() * list.length)];
}

function order() {
  send('POST', '/orders', {
    productId: pick(PRODUCTS),
    quantity: 1 + Math.floor(Math.random() * 3),
  });
}

/** What customers do, the frequent things more often. */
const habits = [
  () => send('GET', '/products'),
  () => send('GET', `/products/${pick(PRODUCTS)}`),
  () => send('GET', `/products/${pick(PRODUCTS)}`),
  () => send('GET', lastOrder ?? '/products'),
  order,
  order,
  () => send('GET', '/report'),
  () => send('GET', '/fast'),
  () => send('GET', '/export'),
];

setInterval(() => {
  if (open < MAX_OPEN) pick(habits)();
}, 1000 / RATE);

process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
