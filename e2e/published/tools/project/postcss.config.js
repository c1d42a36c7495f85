import autoprefixer from 'autoprefixer';

// biome-ignore lint/style/noDefaultExport: the tool reads it so
export default { plugins: [autoprefixer()] };
