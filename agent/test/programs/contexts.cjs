// Code in contexts of its own, which has clocks and random numbers of its own.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const vm = require('node:vm');

const file = path.join(os.tmpdir(), `lockstep-contexts-${process.pid}`);
let step = 0;
const note = (...values) => fs.appendFileSync(file, `${step++} ${values.join(' ')}\n`);
const LOOK = `[Date.now(), new Date().toISOString(), Date(), Math.random(), new Date(5).getTime(), new Date() instanceof Date, Date.name, Date.now.name, Math.random.name, new Date().constructor === Date, Object.keys(globalThis).join()].join(' ')`;

function look() {
  note('new', vm.runInNewContext(LOOK));
  const made = vm.createContext({ own: 1 });
  note(
    'made',
    vm.runInContext(LOOK, made),
    Object.keys(made),
    vm.isContext(made),
    vm.createContext(made) === made,
  );
  note('script', new vm.Script(LOOK).runInNewContext({ a: 1 }, { contextName: 'named' }));
  note('this', vm.runInThisContext(LOOK.replace('Object.keys(globalThis).join()', '1')));
  note('given', vm.runInNewContext('Date.now()', { Date: { now: () => 7 } }));
  try {
    vm.runInNewContext('throw new TypeError("inside")');
  } catch (error) {
    note(error.name, error instanceof TypeError);
  }
  try {
    vm.createContext(5);
  } catch (error) {
    note(error.code);
  }
}

look();
setTimeout(() => {
  look();
  process.stdout.write(`${step}\n`);
  fs.rmSync(file);
}, 5);
