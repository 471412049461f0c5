import { defineConfig } from 'vitest/config';
import common from './vitest.config.ts';

const { projects: _, ...settings } = common.test ?? {};

/** The tests that leave the work to the real AWS CLI. */
export default defineConfig({ test: { ...settings, include: ['test/aws-cli/**/*.test.ts'] } });
