'use strict';
/**
 * A service that keeps a secret: it comes from a file, from the environment, from an upstream, and in
 * body and headers of requests; it goes to a file, through a digest, and out in answers.
 * Environment: PORT, KEEPER_SECRET. Data goes to the folder it runs in.
 */
const { createHmac, randomBytes } = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');

const upstream = http.createServer((request, response) => {
  response.setHeader('x-kept', request.headers['x-kept']);
  response.end(fs.readFileSync('kept', 'utf8'));
});

async function textOf(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}

async function answer(request, response) {
  const body = await textOf(request);
  const headers = { 'x-kept': request.headers.authorization };
  const asked = http.get({ port: upstream.address().port, host: '127.0.0.1', headers });
  const [told] = await once(asked, 'response');
  const text = await textOf(told);
  const key = createHmac('sha256', randomBytes(16)).update(text).digest('hex');
  await fs.promises.writeFile('written', `${body}${text}${process.env.KEEPER_SECRET}${key}`);
  response.end(JSON.stringify({ body, text, header: told.headers['x-kept'] }));
}

const server = http.createServer((request, response) => {
  answer(request, response).catch((error) => {
    response.statusCode = 500;
    response.end(error.message);
  });
});

upstream.listen(0, '127.0.0.1', () => {
  server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('service: ready'));
});
process.once('SIGTERM', () => {
  upstream.close();
  upstream.closeAllConnections();
  server.close();
  server.closeAllConnections();
});
