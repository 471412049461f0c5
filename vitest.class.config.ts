import { defineConfig } from 'vitest/config';
import { once, patience } from './vitest.config.ts';

/** A class of 500, which takes as long as many tests: `npm run test:class`. */
export default defineConfig({
  test: { ...once, ...patience, hookTimeout: 300_000, include: ['test/class/**/*.test.ts'] },
});
