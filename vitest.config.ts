import { configDefaults, defineConfig } from 'vitest/config';

// They put something else in the place of what all modules of a process share, or need it as it was at first: the file system,
// the PATH that python3 is on, the secrets that the process has been given.
const alone = ['test/runner/full-disk.test.ts', 'test/sandbox/lambda/python-missing.test.ts', 'test/util/redact.test.ts'];
// The AWS CLI takes half a second for each call, and these tests make hundreds: `npm run test:aws-cli`. A class of 500: `npm run test:class`.
const elsewhere = [...configDefaults.exclude, 'test/aws-cli/**', 'test/class/**'];

/** What holds for tests wherever they are run: only what hangs takes so long, on however busy a machine. */
export const limits = { testTimeout: 60_000, hookTimeout: 60_000 };
/** What is done once, whichever tests are run. */
export const once = { globalSetup: ['test/support/build.ts'], maxWorkers: 2 };

const everything = defineConfig({
  test: {
    ...once,
    projects: [
      // Test files share the modules that they load: to load the AWS SDK anew takes longer than most of them.
      { test: { name: 'together', ...limits, include: ['test/**/*.test.ts'], exclude: [...elsewhere, ...alone], isolate: false } },
      { test: { name: 'alone', ...limits, include: alone } },
    ],
  },
});

// The conformance suite, on what AWS's environment variables point to. One test at a time, as accounts have quotas.
const remote = defineConfig({
  test: {
    name: 'remote',
    include: ['test/sandbox/conformance/**/*.test.ts'],
    globalSetup: ['test/support/remote-run.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    isolate: false,
    fileParallelism: false,
  },
});

export default process.env['KINESIS_LABS_REMOTE'] === '1' ? remote : everything;
