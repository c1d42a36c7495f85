// way in: addons
// A native add-on that writes a database file: strands that read and write rows, errors, transactions.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const Database = require('libsql');

const file = path.join(os.tmpdir(), `addon-${process.pid}.db`);
const seen = [];
const say = (...words) => {
  seen.push(words.join(' '));
  if (seen.length % 5 === 0) fs.writeFileSync('/dev/null', seen.slice(-5).join());
};
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function strand(database, number) {
  const insert = database.prepare('insert into items (strand, step, draw) values (?, ?, ?)');
  const last = database.prepare('select * from items order by id desc limit 3');
  for (let step = 0; step < 10; step++) {
    say('inserted', insert.run(number, step, Math.random()).lastInsertRowid);
    await wait(Math.random() * 3);
    for (const row of last.all()) say(JSON.stringify(row));
    say(database.prepare('select count(*) as count from items').get().count);
  }
}

async function main() {
  const database = new Database(file);
  database.exec(
    'create table items (id integer primary key, strand int, step int, draw real, unique (strand, step))',
  );
  await Promise.all(Array.from({ length: 8 }, (_, number) => strand(database, number)));
  try {
    database.prepare('insert into items (strand, step) values (1, 1)').run();
  } catch (error) {
    say(error.code, error.message);
  }
  database.transaction(() => database.exec('delete from items where strand = 3'))();
  say(database.inTransaction, database.prepare('select count(*) as count from items').get().count);
  database.close();
  fs.rmSync(file);
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length);
}
void main();
