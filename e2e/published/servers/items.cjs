/** What every server of this folder serves: items in memory, waits of chance, a file, an upstream-free report. */
'use strict';
const { randomUUID } = require('node:crypto');
const { readFile } = require('node:fs/promises');
const { setTimeout: wait } = require('node:timers/promises');

const items = new Map();

exports.port = Number(process.env.PORT);
exports.host = '127.0.0.1';
exports.file = __filename;

exports.add = async (given) => {
  await wait(Math.random() * 3);
  const item = { id: items.size, key: randomUUID(), at: new Date().toISOString(), ...given };
  items.set(String(item.id), item);
  return item;
};

exports.find = async (id) => {
  await null;
  return items.get(String(id)) ?? null;
};

exports.text = () => readFile(__filename, 'utf8');

exports.report = async () => {
  await wait(Math.random() * 8);
  return { count: items.size, draw: Math.random(), uptime: process.uptime() };
};
