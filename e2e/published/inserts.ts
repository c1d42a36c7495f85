/**
 * What a database itself counted: how often somebody created an item. Followers that spoke to it would
 * show here. Asked through the drivers that the published services use.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const load = createRequire(join(import.meta.dirname, 'servers/package.json'));

/** How often a service's first kind of work reached the server at `url` so far. */
export type CountInserts = (url: string) => Promise<number>;

interface MongoAdmin {
  command(command: object): Promise<{ opcounters: { insert: number } }>;
}

/** By the name of the service. */
export const insertCounters: Readonly<Record<string, CountInserts>> = {
  'mongodb.cjs': async (url) => {
    const { MongoClient } = load('mongodb') as {
      MongoClient: { connect(url: string): Promise<MongoConnection> };
    };
    const client = await MongoClient.connect(url);
    const { opcounters } = await client.db('admin').command({ serverStatus: 1 });
    await client.close();
    return opcounters.insert;
  },
  'redis.cjs': async (url) => {
    const { createClient } = load('redis') as {
      createClient(options: object): RedisConnection;
    };
    const client = createClient({ url });
    await client.connect();
    const statistics = await client.info('commandstats');
    await client.quit();
    return Number(/cmdstat_publish:calls=(\d+)/.exec(statistics)?.[1] ?? 0);
  },
  'pg.cjs': async (url) => {
    const { Client } = load('pg') as { Client: new (options: object) => PostgresConnection };
    const client = new Client({ connectionString: url });
    await client.connect();
    // A sequence counts each insert, also one that was rolled back.
    const { rows } = await client.query('select last_value from items_id_seq');
    await client.end();
    return Number(rows[0]?.['last_value'] ?? 0);
  },
};

interface MongoConnection {
  db(name: string): MongoAdmin;
  close(): Promise<void>;
}

interface RedisConnection {
  connect(): Promise<unknown>;
  info(section: string): Promise<string>;
  quit(): Promise<unknown>;
}

interface PostgresConnection {
  connect(): Promise<unknown>;
  query(text: string): Promise<{ rows: readonly Record<string, unknown>[] }>;
  end(): Promise<void>;
}
