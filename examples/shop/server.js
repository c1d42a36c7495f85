'use strict';
/**
 * A small shop: an ordinary service that knows nothing of Lockstep. It reads and writes files, calls
 * another service, uses random ids, clocks, timers, and state that its requests share.
 * Environment: PORT (8080), UPSTREAM_URL (http://127.0.0.1:8081), SHOP_DATA (./data).
 */
const fs = require('node:fs');
const path = require('node:path');
const { OrderBook } = require('./lib/order-book.js');
const { makeApp } = require('./lib/routes.js');
const { Supplier } = require('./lib/supplier.js');

/** How often the shop writes down how it is doing, milliseconds. */
const REPORT_MS = 5000;
/** What open requests get at the end, milliseconds. */
const SHUTDOWN_MS = 3000;

const port = Number(process.env.PORT ?? 8080);
const folder = path.resolve(process.env.SHOP_DATA ?? path.join(__dirname, 'data'));
const supplier = new Supplier(process.env.UPSTREAM_URL ?? 'http://127.0.0.1:8081');
const counters = { requests: 0, failures: 0 };
const orders = new OrderBook(folder, supplier);
const server = makeApp({ orders, supplier, counters }).listen(port, () => {
  console.log(`shop: listening on http://127.0.0.1:${port}`);
});
server.on('error', (error) => {
  console.error(`shop: port ${port} cannot be used (${error.code}); choose another with PORT`);
  process.exitCode = 1;
  close();
});

const reports = setInterval(writeReport, REPORT_MS);

function writeReport() {
  const line = `${new Date().toISOString()} requests ${counters.requests} orders ${orders.count}\n`;
  fs.appendFile(path.join(folder, 'report.log'), line, (error) => {
    if (error) console.error(`shop: the report could not be written: ${error.message}`);
  });
}

let isClosing = false;

/** Lets open requests finish, writes what is unwritten, and leaves nothing that keeps the process. */
function close() {
  if (isClosing) return;
  isClosing = true;
  clearInterval(reports);
  setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
  server.close(async () => {
    await orders.flush();
    supplier.close();
    console.log(`shop: closed after ${counters.requests} requests`);
  });
  server.closeIdleConnections();
}

process.on('SIGTERM', close);
process.on('SIGINT', close);
