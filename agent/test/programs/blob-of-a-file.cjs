// Uses a blob of a file, which is not followed yet, and goes on.
const fs = require('node:fs');

setTimeout(async () => {
  const blob = await fs.openAsBlob(__filename);
  console.log('done', blob.size > 0);
}, 5);
