'use strict';
/** The shop's orders: each one a file, the latest in memory, and a summary file that follows them. */
const { randomUUID } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { CoalescingWriter } = require('./coalescing-writer.js');
const { Lock } = require('./lock.js');

/** Orders that are kept; older ones are removed, so that a demonstration can run for days. */
const KEPT_ORDERS = 500;

class OrderBook {
  #folder;
  #supplier;
  #orders = new Map();
  #sold = new Map();
  #lock = new Lock();
  #summary;
  count = 0;
  revenueCents = 0;

  constructor(folder, supplier) {
    this.#folder = path.join(folder, 'orders');
    this.#supplier = supplier;
    fs.mkdirSync(this.#folder, { recursive: true });
    this.#summary = new CoalescingWriter(path.join(folder, 'summary.json'), () =>
      JSON.stringify({ orders: this.count, revenueCents: this.revenueCents, at: new Date() }),
    );
  }

  /** Places an order, or answers null when there is not enough in stock. */
  place(productId, quantity) {
    return this.#lock.run(async () => {
      const [{ cents }, { available }] = await Promise.all([
        this.#supplier.price(productId),
        this.#supplier.stock(productId),
      ]);
      const sold = this.#sold.get(productId) ?? 0;
      if (available < quantity) return null;
      this.#sold.set(productId, sold + quantity);
      const order = {
        id: randomUUID(),
        number: this.count + 1,
        placedAt: new Date().toISOString(),
        ...{ productId, quantity, cents: cents * quantity },
      };
      this.count += 1;
      this.revenueCents += order.cents;
      await this.#keep(order);
      return order;
    });
  }

  /** An order by id, from memory or from its file; null when there is none. */
  async find(id) {
    const known = this.#orders.get(id);
    if (known !== undefined) return known;
    try {
      return JSON.parse(await fs.promises.readFile(this.#fileOf(id), 'utf8'));
    } catch (error) {
      if (error.code === 'ENOENT') return null;
      throw error;
    }
  }

  /** The kept orders, oldest first. */
  all() {
    return this.#orders.values();
  }

  /** Units sold by product since the start. */
  sold() {
    return Object.fromEntries(this.#sold);
  }

  flush() {
    return this.#summary.flush();
  }

  async #keep(order) {
    this.#orders.set(order.id, order);
    await fs.promises.writeFile(this.#fileOf(order.id), `${JSON.stringify(order)}\n`);
    this.#summary.touch();
    if (this.#orders.size <= KEPT_ORDERS) return;
    const [oldest] = this.#orders.keys();
    this.#orders.delete(oldest);
    await fs.promises.rm(this.#fileOf(oldest), { force: true });
  }

  #fileOf(id) {
    return path.join(this.#folder, `${id}.json`);
  }
}

module.exports = { OrderBook };
