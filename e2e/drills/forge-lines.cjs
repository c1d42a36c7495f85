'use strict';
/** Forges in a running service: from now on every appended line has another first character. */
const fs = require('node:fs');

const { appendFile } = fs.promises;
fs.promises.appendFile = (file, data, ...rest) => appendFile(file, `!${data.slice(1)}`, ...rest);
