import { setTimeout } from 'node:timers/promises';

await setTimeout(3);
export const late = 'late';
