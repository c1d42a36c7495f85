import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import items from './items.cjs';

const app = new Hono();
app.get('/hello', (context) => context.json({ hello: context.req.query('x') }));
app.post('/items', async (context) => {
  return context.json(await items.add(await context.req.json()), 201);
});
app.get('/items/:id', async (context) => {
  const item = await items.find(context.req.param('id'));
  return item === null ? context.notFound() : context.json(item);
});
app.get('/file', async (context) => context.text(await items.text()));
app.get('/report', async (context) => context.json(await items.report()));
app.get('/quit', (context) => {
  setImmediate(() => server.close());
  return context.text('bye');
});
const server = serve({ fetch: app.fetch, port: items.port, hostname: items.host });
