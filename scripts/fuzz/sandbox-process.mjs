// A sandbox in a process of its own. Says where it is, tells of every bug that it meets, and answers `memory`.
import { startSandbox } from '../../dist/sandbox/start.js';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const tell = (error) => process.send({ bug: error instanceof Error ? error.stack : String(error) });
process.on('uncaughtException', tell);
process.on('unhandledRejection', tell);
process.on('disconnect', () => process.exit());

const sandbox = await startSandbox({ onBug: tell });
process.on('message', async (message) => {
  if (message === 'memory') process.send({ memory: process.memoryUsage().rss });
  if (message === 'stop') {
    await sandbox.stop();
    process.disconnect();
  }
});
process.send({ port: sandbox.port, credentials: sandbox.credentials });
