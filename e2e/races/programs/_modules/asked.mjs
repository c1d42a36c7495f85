// Loader hooks whose answers are the time, and how often they were asked.
let asked = 0;

export async function resolve(specifier, context, next) {
  if (!specifier.startsWith('made:')) return next(specifier, context);
  const { promise, resolve: done } = later();
  setTimeout(done, ++asked % 4);
  await promise;
  return { url: `${specifier}&${asked}`, format: 'module', shortCircuit: true };
}

export async function load(url, context, next) {
  if (!url.startsWith('made:')) return next(url, context);
  const source = `export const made = [${++asked}, ${Date.now()}, ${JSON.stringify(url)}];`;
  return { format: 'module', source, shortCircuit: true };
}

function later() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
