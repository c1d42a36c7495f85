'use strict';
const { DataTypes, Sequelize } = require('sequelize');
const { serveNumbers } = require('./numbers.cjs');

const database = new Sequelize(process.env.PG_URL, { logging: false, pool: { max: 4 } });
const Item = database.define('sequelized', { number: DataTypes.INTEGER, body: DataTypes.JSONB });

async function main() {
  await database.sync({ force: true });
  const create = (number) => Item.create({ number, body: { draw: Math.random() } });
  const latest = () => Item.findAll({ limit: 3, order: [['id', 'DESC']] });
  const count = () => Item.count();
  serveNumbers([create, latest, count], () => database.close());
}
void main();
