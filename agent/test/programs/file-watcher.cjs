// Uses an API that is not followed yet, in the middle of its work.
const fs = require('node:fs');
setTimeout(() => {
  const watcher = fs.watch(__dirname, () => undefined);
  setTimeout(() => {
    watcher.close();
    console.log('done');
  }, 20);
}, 20);
