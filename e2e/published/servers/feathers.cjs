'use strict';
const { feathers } = require('@feathersjs/feathers');
const { NotFound } = require('@feathersjs/errors');
const { bodyParser, errorHandler, koa, rest } = require('@feathersjs/koa');
const items = require('./items.cjs');

const app = koa(feathers());
app.use(errorHandler());
app.use(bodyParser());
app.configure(rest());
app.use('items', {
  create: (given) => items.add(given),
  get: async (id) => {
    const item = await items.find(id);
    if (item === null) throw new NotFound(`no item ${id}`);
    return item;
  },
});
app.use('hello', { find: async ({ query }) => ({ hello: query.x }) });
app.use('file', { find: async () => ({ text: await items.text() }) });
app.use('report', { find: () => items.report() });
app.use('quit', {
  find: async () => {
    setImmediate(() => app.teardown());
    return {};
  },
});
void app.listen(items.port, items.host);
