// A bundler that is a native add-on: plug-ins are callbacks within plain objects and arrays, they are given
// native contexts, answer at once, later, or with an error, and what is made holds native objects.
import fs from 'node:fs';
import { rolldown } from 'rolldown';

const note = (...words) => fs.writeFileSync('/dev/null', words.join(' '));
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const parts = {
  virtual: {
    name: 'virtual',
    resolveId: {
      order: 'pre',
      handler: (id) => (id.startsWith('part-') || id === 'main' ? `\0${id}` : null),
    },
    async load(id) {
      note('load', JSON.stringify(id));
      await wait(Math.random() * 5);
      if (id === '\0main') return "import { a } from 'part-1'; import('part-2'); console.log(a);";
      if (id === '\0part-1') return 'export const a = 1;';
      return id === '\0part-2' ? 'export const b = 2;' : null;
    },
  },
  watching: {
    name: 'watching',
    transform(code, id) {
      const known = this.getModuleInfo(id);
      note('transform', JSON.stringify(id), code.length, known?.isEntry, this.meta.rolldownVersion);
      return { code: `/* ${Math.random()} */ ${code}` };
    },
    renderChunk(code, chunk) {
      note('chunk', chunk.fileName, chunk.isEntry, Object.keys(chunk.modules).join());
      return null;
    },
    generateBundle(_options, bundle) {
      for (const [name, one] of Object.entries(bundle)) note('made', name, one.type, one.code);
      this.emitFile({ type: 'asset', fileName: 'list.txt', source: Object.keys(bundle).join() });
    },
  },
  refusing: {
    name: 'refusing',
    transform: () => Promise.reject(new Error('not this one')),
  },
};

async function build(...plugins) {
  const bundle = await rolldown({ input: 'main', plugins });
  const { output } = await bundle.generate({ format: 'es', entryFileNames: () => 'entry.js' });
  for (const one of output) note(one.fileName, one.type, one.code ?? one.source);
  await bundle.close();
  return output.length;
}

console.log(await build(parts.virtual, parts.watching));
try {
  await build(parts.virtual, parts.refusing);
} catch (error) {
  console.log(error.message.split('\n')[0]);
}
