import { defineConfig } from 'vitest/config';
import { limits, once } from './vitest.config.ts';

/** A class of 500, which takes as long as many tests: `npm run test:class`. */
export default defineConfig({
  test: { ...once, ...limits, hookTimeout: 300_000, include: ['test/class/**/*.test.ts'] },
});
