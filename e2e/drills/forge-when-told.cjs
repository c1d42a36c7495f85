'use strict';
/** Forges one line: the one that follows the first request for /forge. Harmless until then. */
const fs = require('node:fs');
const http = require('node:http');

let isTold = false;
const { emit } = http.Server.prototype;
http.Server.prototype.emit = function (name, request, ...rest) {
  if (name === 'request' && request.url === '/forge') isTold = true;
  return emit.call(this, name, request, ...rest);
};

const { appendFile } = fs.promises;
fs.promises.appendFile = (file, data, ...rest) => {
  const isStruck = isTold;
  isTold = false;
  return appendFile(file, isStruck ? `!${data.slice(1)}` : data, ...rest);
};
