// biome-ignore lint/style/noDefaultExport: the tool reads it so
export default [
  { files: ['src/*.js'], rules: { 'no-unused-vars': 'error', 'prefer-const': 'warn' } },
];
