'use strict';
const { join } = require('node:path');
const fastify = require('fastify');
const items = require('./items.cjs');

const app = fastify({ logger: true });
app.register(require('@fastify/cors'));
app.register(require('@fastify/static'), { root: join(__dirname), prefix: '/static/' });
app.get('/hello', async (request) => ({ hello: request.query.x, id: request.id }));
app.post('/items', async (request, reply) => {
  reply.code(201);
  return items.add(request.body);
});
app.get('/items/:id', async (request, reply) => {
  return (await items.find(request.params.id)) ?? reply.code(404).send({});
});
app.get('/file', (_request, reply) => reply.sendFile('items.cjs'));
app.get('/report', () => items.report());
app.get('/quit', async () => {
  setImmediate(() => app.close());
  return 'bye';
});
void app.listen({ port: items.port, host: items.host });
