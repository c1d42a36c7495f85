// Printed stacks: of errors the program makes, of errors the system gives, beneath callbacks and promises.
const fs = require('node:fs');
const out = [];
const show = (e) => out.push(e.stack);
function deep() {
  return new Error('mine');
}
show(deep());
try {
  fs.readFileSync('/nope');
} catch (e) {
  show(e);
}
try {
  Buffer.alloc('x');
} catch (e) {
  show(e);
}
setTimeout(function timer() {
  show(deep());
  process.nextTick(() => show(deep()));
}, 3);
fs.readFile('/nope', (e) => {
  show(e);
  show(deep());
});
fs.promises.readFile('/nope').catch((e) => {
  show(e);
  show(deep());
});
(async function strand() {
  await fs.promises.stat('/');
  show(deep());
  await null;
  show(deep());
})();
setImmediate(() => Promise.resolve().then(() => show(deep())));
setTimeout(() => {
  fs.writeFileSync('/dev/null', out.join('\n'));
  console.log(out.join('\n'));
}, 60);
