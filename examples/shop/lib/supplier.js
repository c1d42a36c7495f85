'use strict';
/**
 * What the shop asks another service for: prices by a pooled `http.request`, stock by `fetch`. Answers are
 * kept for a moment, and requests for the same thing at the same time share one call.
 */
const http = require('node:http');

/** Age at which an answer is asked for again, milliseconds. */
const FRESH_MS = 500;
/** What the supplier gets to answer, milliseconds. */
const TIMEOUT_MS = 2000;
/** Connections to the supplier at once. */
const CONNECTIONS = 8;

class Supplier {
  #base;
  #agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  #answers = new Map();
  #underWay = new Map();
  calls = 0;

  constructor(base) {
    this.#base = base;
  }

  price(id) {
    return this.#cached(`/prices/${id}`, (path) => this.#request(path));
  }

  stock(id) {
    return this.#cached(`/stock/${id}`, (path) => this.#fetch(path));
  }

  close() {
    this.#agent.destroy();
  }

  #cached(path, ask) {
    const known = this.#answers.get(path);
    if (known !== undefined && Date.now() - known.at < FRESH_MS) return known.answer;
    const pending = this.#underWay.get(path);
    if (pending !== undefined) return pending;
    const asked = this.#ask(path, ask).finally(() => this.#underWay.delete(path));
    this.#underWay.set(path, asked);
    return asked;
  }

  async #ask(path, ask) {
    this.calls += 1;
    const answer = await ask(path);
    this.#answers.set(path, { answer, at: Date.now() });
    return answer;
  }

  #request(path) {
    return new Promise((resolve, reject) => {
      const request = http.get(`${this.#base}${path}`, { agent: this.#agent }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200) resolve(JSON.parse(text));
          else reject(new Error(`supplier: ${path} answered ${response.statusCode}`));
        });
      });
      const timer = setTimeout(
        () => request.destroy(new Error(`supplier: ${path} took too long`)),
        TIMEOUT_MS,
      );
      request.on('error', reject);
      request.on('close', () => clearTimeout(timer));
    });
  }

  async #fetch(path) {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(`${this.#base}${path}`, { signal: controller.signal });
      if (!response.ok) throw new Error(`supplier: ${path} answered ${response.status}`);
      return await response.json();
    } finally {
      clearTimeout(timer);
    }
  }
}

module.exports = { Supplier };
