import { defineConfig } from 'vitest/config';
import { limits, once } from './vitest.config.ts';

/** The tests that leave the work to the real AWS CLI. */
export default defineConfig({ test: { ...once, ...limits, include: ['test/aws-cli/**/*.test.ts'] } });
