export { wrap } from './wrap.ts';
