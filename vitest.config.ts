import { configDefaults, defineConfig } from 'vitest/config';

// They put something else in the place of what all modules of a process share: the file system, the PATH that python3 is on.
const alone = ['test/runner/full-disk.test.ts', 'test/sandbox/lambda/python-missing.test.ts'];
// The AWS CLI takes half a second for each call, and these tests make hundreds: `npm run test:aws-cli`.
const elsewhere = [...configDefaults.exclude, 'test/aws-cli/**'];

export default defineConfig({
  test: {
    globalSetup: ['test/support/build.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    projects: [
      // Test files share the modules that they load: to load the AWS SDK anew takes longer than most of them.
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: [...elsewhere, ...alone], isolate: false } },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});
