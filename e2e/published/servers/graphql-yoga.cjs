'use strict';
const { createServer } = require('node:http');
const { createSchema, createYoga } = require('graphql-yoga');
const items = require('./items.cjs');

const typeDefs = `
  type Item { id: Int key: String name: String at: String }
  type Query { hello(x: String): String item(id: String): Item draw: Float }
  type Mutation { add(name: String): Item }
`;
const resolvers = {
  Query: {
    hello: (_root, { x }) => x,
    item: (_root, { id }) => items.find(id),
    draw: async () => (await items.report()).draw,
  },
  Mutation: { add: (_root, { name }) => items.add({ name }) },
};
const yoga = createYoga({ logging: false, schema: createSchema({ typeDefs, resolvers }) });
const server = createServer((request, response) => {
  if (request.url !== '/quit') return yoga(request, response);
  response.end('bye');
  return server.close();
});
server.listen(items.port, items.host);
