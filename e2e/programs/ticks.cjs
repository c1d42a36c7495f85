'use strict';
/** Works in small steps for so many milliseconds as its argument says. */
const fs = require('node:fs');

const end = Date.now() + Number(process.argv[2]);
const timer = setInterval(() => {
  fs.writeFileSync('steps', String(end - Date.now()));
  if (Date.now() < end) return;
  clearInterval(timer);
  console.log('done');
}, 10);
