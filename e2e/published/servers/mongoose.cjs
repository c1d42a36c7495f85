'use strict';
const mongoose = require('mongoose');
const { serveNumbers } = require('./numbers.cjs');

const schema = new mongoose.Schema({ number: Number, tags: [String] }, { timestamps: true });
const Item = mongoose.model('Item', schema);

async function main() {
  await mongoose.connect(process.env.MONGODB_URI, {
    dbName: `${process.env.DATABASE}-mongoose`,
    maxPoolSize: 5,
  });
  const create = (number) => Item.create({ number, tags: ['new', String(number)] });
  const near = (number) =>
    Item.find({ number: { $gt: number - 20 } })
      .limit(3)
      .lean();
  const tag = async (number) => {
    const item = await Item.findOne({ number: number - 2 });
    item?.tags.push('seen');
    return item?.save();
  };
  serveNumbers([create, near, tag], () => mongoose.disconnect());
}
void main();
