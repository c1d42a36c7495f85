'use strict';
/** The shop's HTTP API. */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Readable, pipeline } = require('node:stream');
const zlib = require('node:zlib');
const express = require('express');

const PRODUCTS_FILE = path.join(__dirname, '..', 'products.json');
/** Most units in one order. */
const MAX_QUANTITY = 100;
const ORDER_ID = /^[0-9a-f-]{36}$/;

function makeApp({ orders, supplier, counters }) {
  const app = express();
  app.disable('x-powered-by');
  app.use((request, _response, next) => {
    counters.requests += 1;
    request.id = counters.requests;
    next();
  });
  app.get('/health', (_request, response) => response.json({ status: 'ok' }));
  app.get('/fast', (_request, response) => response.type('text').send('Hello, world!\n'));
  addProducts(app, supplier);
  addOrders(app, orders);
  addReports(app, { orders, supplier, counters });
  app.use((_request, response) => response.status(404).json({ error: 'no such resource' }));
  app.use(answerError(counters));
  return app;
}

function addProducts(app, supplier) {
  app.get('/products', async (_request, response) => {
    const products = await readProducts();
    const prices = await Promise.all(products.map(({ id }) => supplier.price(id)));
    response.json(products.map((product, index) => ({ ...product, cents: prices[index].cents })));
  });
  app.get('/products/:id', async (request, response) => {
    const product = (await readProducts()).find(({ id }) => id === request.params.id);
    if (product === undefined) return response.status(404).json({ error: 'no such product' });
    const [price, stock] = await Promise.all([
      supplier.price(product.id),
      supplier.stock(product.id),
    ]);
    return response.json({ ...product, cents: price.cents, available: stock.available });
  });
}

function addOrders(app, orders) {
  app.post('/orders', express.json({ limit: '16kb' }), async (request, response) => {
    const { productId, quantity } = request.body ?? {};
    const isKnown = (await readProducts()).some(({ id }) => id === productId);
    const isCount = Number.isInteger(quantity) && quantity >= 1 && quantity <= MAX_QUANTITY;
    if (!isKnown || !isCount) return response.status(400).json({ error: 'no such order' });
    const order = await orders.place(productId, quantity);
    if (order === null) return response.status(409).json({ error: 'not enough in stock' });
    return response.status(201).location(`/orders/${order.id}`).json(order);
  });
  app.get('/orders/:id', async (request, response) => {
    const { id } = request.params;
    const order = ORDER_ID.test(id) ? await orders.find(id) : null;
    if (order === null) return response.status(404).json({ error: 'no such order' });
    return response.json(order);
  });
}

function addReports(app, { orders, supplier, counters }) {
  app.get('/report', (_request, response) => {
    response.json({
      at: new Date().toISOString(),
      host: os.hostname(),
      pid: process.pid,
      uptimeSeconds: process.uptime(),
      heapBytes: process.memoryUsage().heapUsed,
      requests: counters.requests,
      failures: counters.failures,
      supplierCalls: supplier.calls,
      orders: orders.count,
      revenueCents: orders.revenueCents,
      sold: orders.sold(),
      lucky: Math.floor(Math.random() * 1000),
    });
  });
  app.get('/export', (_request, response, next) => {
    response.set({ 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' });
    pipeline(Readable.from(exportLines(orders)), zlib.createGzip(), response, (error) => {
      // A reader that goes away in the middle is its own affair.
      if (error && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') next(error);
    });
  });
}

function* exportLines(orders) {
  for (const order of orders.all()) yield `${JSON.stringify(order)}\n`;
}

/** Read anew each time: the assortment may change while the shop is open. */
async function readProducts() {
  return JSON.parse(await fs.promises.readFile(PRODUCTS_FILE, 'utf8'));
}

function answerError(counters) {
  return (error, _request, response, next) => {
    counters.failures += 1;
    if (response.headersSent) return next(error);
    const status = error.status ?? 502;
    return response.status(status).json({ error: error.message });
  };
}

module.exports = { makeApp };
