'use strict';
/**
 * node:sqlite on the file DATABASE, which must not be there yet: strands that read and write, user functions,
 * aggregates, iterators, classes that extend its own, change sets, errors, backups.
 */
const fs = require('node:fs');
const util = require('node:util');
// biome-ignore lint/correctness/noUnresolvedImports: newer Nodes have it
const sqlite = require('node:sqlite');
const { DatabaseSync, StatementSync } = sqlite;

const file = process.env.DATABASE;
const seen = [];
const say = (...words) => {
  seen.push(words.map((word) => (typeof word === 'string' ? word : util.inspect(word))).join(' '));
  fs.writeFileSync('/dev/null', seen.slice(-3).join());
};
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function strand(database, number) {
  const insert = database.prepare('insert into items (strand, step, draw) values (?, ?, ?)');
  const last = database.prepare('select * from items order by id desc limit 3');
  for (let step = 0; step < 10; step++) {
    say('inserted', insert.run(number, step, Math.random()).lastInsertRowid);
    await wait(Math.random() * 3);
    say(last.all());
    say(last.get());
  }
}

function attempt(what, run) {
  try {
    say(what, run());
  } catch (error) {
    say(what, error.code, error.errcode, error.message, error instanceof Error);
  }
}

class Named extends DatabaseSync {
  #calls = 0;
  constructor(where) {
    super(where);
    this.label = 'named';
  }
  count() {
    this.#calls++;
    return this.prepare('select count(*) as count from items').get().count + this.#calls;
  }
}

function functions(database) {
  let calls = 0;
  database.function('doubled', (value) => {
    calls++;
    say('doubled', value);
    return value * 2;
  });
  say(database.prepare('select doubled(step) as two from items order by id limit 4').all(), calls);
  say(database.prepare('select doubled(id) as two from items order by id limit 2').all(), calls);
  if (typeof database.aggregate === 'function') {
    database.aggregate('joined', {
      start: '',
      step: (text, value) => `${text},${value}`,
      result: (text) => `<${text}>`,
    });
    say(database.prepare('select joined(step) as all_steps from items where strand = 2').get());
  }
  attempt('a function that throws', () => {
    database.function('throws', () => {
      throw new RangeError('not today');
    });
    return database.prepare('select throws()').get();
  });
}

function sessions(database) {
  if (typeof database.createSession !== 'function') return;
  const session = database.createSession();
  database.exec('insert into items (strand, step, draw) values (100, 1, 0.5)');
  const changes = session.changeset();
  say(changes.length > 10, session.patchset().length > 10);
  session.close();
  database.exec('delete from items where strand = 100');
  say(
    database.applyChangeset(changes, {
      filter: (table) => {
        say('filter', table);
        return true;
      },
    }),
  );
}

async function main() {
  const database = new DatabaseSync(file);
  say(database.isOpen, database.isTransaction, database instanceof DatabaseSync);
  say(database, Object.keys(database), DatabaseSync.name, DatabaseSync.length);
  database.exec(
    'create table items (id integer primary key, strand int, step int, draw real, unique (strand, step))',
  );
  await Promise.all(Array.from({ length: 6 }, (_, number) => strand(database, number)));
  attempt('twice', () => database.prepare('insert into items (strand, step) values (1, 1)').run());
  attempt('no table', () => database.prepare('select * from nowhere'));
  attempt('without new', () => DatabaseSync(file));
  attempt('wrong', () => new DatabaseSync(17));
  database.exec('begin');
  say('inside', database.isTransaction);
  database.exec('delete from items where strand = 3; commit');
  say('outside', database.isTransaction);
  const statement = database.prepare(
    'select id, draw, ? as given from items where strand = ? limit 5',
  );
  say(statement instanceof StatementSync, statement.sourceSQL, statement.expandedSQL);
  for (const row of statement.iterate('x', 4)) say(row);
  say(statement.expandedSQL);
  const rows = statement.iterate(new Uint8Array([1, 2]), 5);
  say(rows.next(), rows.return(), typeof rows[Symbol.iterator]);
  if (typeof statement.iterate('x', 4).toArray === 'function') {
    say(
      statement
        .iterate('x', 4)
        .map((row) => row.id)
        .toArray(),
    );
  }
  statement.setReadBigInts(true);
  say(statement.get(null, 1));
  if (statement.columns !== undefined) say(statement.columns());
  functions(database);
  sessions(database);
  const named = new Named(file);
  say(named.count(), named.count(), named.label, named instanceof Named, named.isOpen);
  named.close();
  say(named.isOpen);
  attempt('closed', () => named.count());
  if (sqlite.backup !== undefined) {
    let steps = 0;
    const copied = sqlite.backup(database, `${file}.copy`, {
      rate: 1,
      progress: ({ totalPages, remainingPages }) => {
        steps++;
        say('progress', totalPages, remainingPages);
      },
    });
    say(typeof copied.then);
    say('pages', (await copied) > 0, steps > 0);
    fs.rmSync(`${file}.copy`);
  }
  const { dispose } = Symbol;
  if (database[dispose] !== undefined) {
    const short = new DatabaseSync(':memory:');
    short[dispose]();
    say('disposed', short.isOpen);
  }
  database.close();
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length);
}
void main();
