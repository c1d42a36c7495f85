/** Serves `/N`: the N-th request is the (N modulo how many)-th kind of work. `/quit` ends in order. */
'use strict';
const { createServer } = require('node:http');

/** `works`: functions of the number that answer what can be JSON. `close`: lets go of the database. */
exports.serveNumbers = (works, close) => {
  const server = createServer(async (request, response) => {
    if (request.url === '/quit') {
      response.end('bye');
      server.close();
      await close();
      return;
    }
    const number = Number(request.url.slice(1));
    try {
      response.end(JSON.stringify([await works[number % works.length](number)]));
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error));
    }
  });
  server.listen(Number(process.env.PORT), '127.0.0.1');
};
