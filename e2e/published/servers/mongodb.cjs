'use strict';
const { MongoClient } = require('mongodb');
const { serveNumbers } = require('./numbers.cjs');

async function main() {
  const client = await MongoClient.connect(process.env.MONGODB_URI, {
    maxPoolSize: 5,
    appName: 'published',
  });
  const items = client.db(process.env.DATABASE).collection('items');
  await items.createIndex({ number: 1 });
  const create = async (number) => {
    return items.insertOne({ number, at: new Date(), draw: Math.random() });
  };
  const change = (number) =>
    items.updateOne(
      { number: number - 2 },
      { $inc: { seen: 1 }, $set: { at: new Date() } },
      { upsert: true },
    );
  const latest = (number) =>
    items.findOne({ number: { $lte: number } }, { sort: { number: -1, _id: 1 } });
  const groups = () =>
    items.aggregate([{ $group: { _id: { $mod: ['$number', 5] }, count: { $sum: 1 } } }]).toArray();
  serveNumbers([create, latest, change, groups], () => client.close());
}
void main();
