'use strict';
const { createServer } = require('node:http');
const handler = require('serve-handler');
const items = require('./items.cjs');

const server = createServer((request, response) => {
  if (request.url !== '/quit') return handler(request, response, { public: __dirname });
  response.end('bye');
  return server.close();
});
server.listen(items.port, items.host);
