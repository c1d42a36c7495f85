export { basename } from 'node:path';
export const plain = true;
