'use strict';
require('reflect-metadata');
const { Body, Controller, Get, Module, NotFoundException, Param, Post, Query } =
  require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const items = require('./items.cjs');

class Items {
  hello(x) {
    return { hello: x };
  }
  add(given) {
    return items.add(given);
  }
  async find(id) {
    const item = await items.find(id);
    if (item === null) throw new NotFoundException();
    return item;
  }
  file() {
    return items.text();
  }
  report() {
    return items.report();
  }
  quit() {
    setImmediate(() => app.close());
    return 'bye';
  }
}

/** What a compiler makes of decorators. */
function decorate(method, route, parameter) {
  parameter?.(Items.prototype, method, 0);
  route(Items.prototype, method, Object.getOwnPropertyDescriptor(Items.prototype, method));
}
decorate('hello', Get('hello'), Query('x'));
decorate('add', Post('items'), Body());
decorate('find', Get('items/:id'), Param('id'));
decorate('file', Get('file'));
decorate('report', Get('report'));
decorate('quit', Get('quit'));
Controller()(Items);
class App {}
Module({ controllers: [Items] })(App);

let app;
async function main() {
  app = await NestFactory.create(App);
  await app.listen(items.port, items.host);
}
void main();
