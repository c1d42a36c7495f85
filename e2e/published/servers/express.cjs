'use strict';
const compression = require('compression');
const express = require('express');
const session = require('express-session');
const helmet = require('helmet');
const morgan = require('morgan');
const items = require('./items.cjs');

const app = express();
app.use(morgan('combined'), helmet(), compression({ threshold: 10 }), express.json());
app.use(session({ secret: 'not much of one', resave: false, saveUninitialized: true }));
app.get('/hello', (request, response) => {
  request.session.visits = (request.session.visits ?? 0) + 1;
  response.json({ hello: request.query.x, session: request.sessionID });
});
app.post('/items', async (request, response) => {
  response.status(201).json(await items.add(request.body));
});
app.get('/items/:id', async (request, response) => {
  const item = await items.find(request.params.id);
  if (item === null) response.sendStatus(404);
  else response.json(item);
});
app.get('/file', (_request, response) => response.sendFile(items.file));
app.get('/report', async (_request, response) => response.json(await items.report()));
app.get('/quit', (_request, response) => {
  response.end('bye');
  server.close();
});
const server = app.listen(items.port, items.host);
