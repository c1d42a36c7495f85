'use strict';
const { createReadStream } = require('node:fs');
const Router = require('@koa/router');
const Koa = require('koa');
const bodyParser = require('koa-bodyparser');
const items = require('./items.cjs');

const app = new Koa();
const router = new (Router.default ?? Router)();
router.get('/hello', (context) => {
  context.body = { hello: context.query.x };
});
router.post('/items', async (context) => {
  context.status = 201;
  context.body = await items.add(context.request.body);
});
router.get('/items/:id', async (context) => {
  context.body = (await items.find(context.params.id)) ?? context.throw(404);
});
router.get('/file', (context) => {
  context.type = 'text';
  context.body = createReadStream(items.file);
});
router.get('/report', async (context) => {
  context.body = await items.report();
});
router.get('/quit', (context) => {
  context.body = 'bye';
  server.close();
});
app.on('error', () => undefined);
app.use(bodyParser()).use(router.routes()).use(router.allowedMethods());
const server = app.listen(items.port, items.host);
