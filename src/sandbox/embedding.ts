/**
 * What other people's programs and test suites import as `kinesis-labs/sandbox`: an AWS in this process.
 *
 *     const sandbox = await startSandbox();
 *     const kinesis = new KinesisClient(sandbox);
 *     …
 *     await sandbox.stop();
 */
export { type Delays, quickDelays, realisticDelays } from './delays.ts';
export { type Fault, parseFault } from './fault.ts';
export type { SandboxOptions } from './options.ts';
export { type Sandbox, startSandbox } from './start.ts';
