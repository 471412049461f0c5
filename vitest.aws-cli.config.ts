import { defineConfig } from 'vitest/config';
import { once, patience } from './vitest.config.ts';

/** The tests that leave the work to the real AWS CLI. */
export default defineConfig({ test: { ...once, ...patience, include: ['test/aws-cli/**/*.test.ts'] } });
