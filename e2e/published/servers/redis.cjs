'use strict';
const { createClient } = require('redis');
const { serveNumbers } = require('./numbers.cjs');

async function main() {
  const client = createClient({ url: process.env.REDIS_URL, name: 'published' });
  const subscriber = client.duplicate();
  await Promise.all([client.connect(), subscriber.connect()]);
  let heard = 0;
  await subscriber.subscribe('numbers', () => {
    heard++;
  });
  const put = async (number) => {
    await client.set(`number-${number % 50}`, `${number} ${Date.now()}`, { EX: 100 });
    return client.publish('numbers', String(number));
  };
  const get = async (number) => [await client.get(`number-${number % 50}`), heard];
  const several = (number) =>
    client.multi().incr('count').lPush('latest', String(number)).lTrim('latest', 0, 10).exec();
  serveNumbers([put, get, several], () => Promise.all([client.quit(), subscriber.quit()]));
}
void main();
