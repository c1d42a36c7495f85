'use strict';
/** The smallest service that somebody would write: one route, nothing behind it. */
const Fastify = require('fastify');

const app = Fastify();
app.get('/', async () => ({ hello: 'world' }));
app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.once('SIGTERM', () => app.close());
