'use strict';
/** A service over a real database: each request reads and writes a document, a file, and asks an upstream. */
const { readFile } = require('node:fs/promises');
const Fastify = require('fastify');
const { MongoClient } = require('mongodb');

const app = Fastify();
const client = new MongoClient(process.env.MONGODB_URI, { maxPoolSize: 10 });
const items = client.db('bench').collection('items');

/** The database alone. */
app.get('/item/:id', async (request) => {
  const id = Number(request.params.id);
  return (await items.findOne({ _id: id })) ?? { id, found: false };
});

app.get('/order/:id', async (request) => {
  const id = Number(request.params.id);
  const [found, text, price] = await Promise.all([
    items.findOne({ _id: id }),
    readFile(__filename, 'utf8'),
    fetch(`${process.env.UPSTREAM_URL}/price/${id}`).then((response) => response.text()),
  ]);
  const change = { $inc: { orders: 1 }, $set: { at: new Date() } };
  await items.updateOne({ _id: id }, change, { upsert: true });
  return { id, orders: found?.orders ?? 0, length: text.length, price };
});

async function main() {
  await client.connect();
  await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
}
process.once('SIGTERM', async () => {
  await app.close();
  await client.close();
});
void main();
