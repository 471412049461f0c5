import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The AWS CLI takes half a second for each call, and these tests make hundreds: `npm run test:aws-cli`.
    exclude: [...configDefaults.exclude, 'test/aws-cli/**'],
    globalSetup: ['test/support/build.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
});
