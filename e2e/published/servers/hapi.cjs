'use strict';
const Hapi = require('@hapi/hapi');
const items = require('./items.cjs');

const server = Hapi.server({ port: items.port, host: items.host });
const get = (path, handler) => ({ method: 'GET', path, handler });
server.route([
  get('/hello', (request) => ({ hello: request.query.x })),
  {
    method: 'POST',
    path: '/items',
    handler: async (request, toolkit) =>
      toolkit.response(await items.add(request.payload)).code(201),
  },
  get('/items/{id}', async (request, toolkit) => {
    return (await items.find(request.params.id)) ?? toolkit.response({}).code(404);
  }),
  get('/file', () => items.text()),
  get('/report', () => items.report()),
  get('/quit', () => {
    setImmediate(() => server.stop({ timeout: 500 }));
    return 'bye';
  }),
]);
void server.start();
