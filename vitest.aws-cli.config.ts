import { configDefaults, defineConfig } from 'vitest/config';
import common from './vitest.config.ts';

/** The tests that leave the work to the real AWS CLI. */
export default defineConfig({ test: { ...common.test, include: ['test/aws-cli/**/*.test.ts'], exclude: configDefaults.exclude } });
