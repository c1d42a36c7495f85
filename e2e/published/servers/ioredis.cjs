'use strict';
const Redis = require('ioredis');
const { serveNumbers } = require('./numbers.cjs');

const client = new Redis(process.env.REDIS_URL, { connectionName: 'published' });
const put = (number) =>
  client
    .pipeline()
    .set(`n${number % 50}`, number)
    .incr('puts')
    .exec();
const get = (number) => client.get(`n${number % 50}`);
const script = 'return redis.call("incrby", KEYS[1], ARGV[1])';
const add = (number) => client.eval(script, 1, 'sum', number);
serveNumbers([put, get, add], () => client.quit());
