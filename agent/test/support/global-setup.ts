/** Bundles the trial's preload once, before test files that share it run side by side. */
import { buildTrial } from './trial.mjs';

export async function setup(): Promise<void> {
  await buildTrial();
}
