/** A pool of connections, over TLS when the environment names a certificate to trust. */
'use strict';
const { readFileSync } = require('node:fs');
const { Pool } = require('pg');
const { serveNumbers } = require('./numbers.cjs');

const { PG_URL: connectionString, PG_CA: ca } = process.env;
const ssl = ca ? { ca: readFileSync(ca), servername: 'localhost' } : false;
const pool = new Pool({ connectionString, ssl, max: 5 });

async function main() {
  await pool.query('drop table if exists items');
  await pool.query(
    'create table items (id serial primary key, number int, at timestamptz default now(), body jsonb)',
  );
  const create = async (number) => {
    const text = 'insert into items (number, body) values ($1, $2) returning *';
    return (await pool.query(text, [number, { draw: Math.random() }])).rows;
  };
  const latest = async (number) => {
    const text = 'select * from items where number < $1 order by number desc, id limit 3';
    return (await pool.query(text, [number])).rows;
  };
  const change = async (number) => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query('update items set number = number + 1 where id = $1', [number % 40]);
      await client.query('commit');
    } finally {
      client.release();
    }
    return 'changed';
  };
  serveNumbers([create, latest, change], () => pool.end());
}
void main();
