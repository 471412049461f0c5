import type { Target } from '../../src/aws/target.ts';
import { RunningCli } from './cli.ts';

/** `kinesis-labs sandbox` as a process of its own: a target that stays when a run ends. */
export interface SandboxProcess {
  readonly endpoint: string;
  /** What other programs are to have in their environment to reach it. */
  readonly env: Record<string, string>;
  readonly target: Target;
  readonly config: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  stop(): Promise<void>;
}

/** Starts one, on a free port. */
export async function sandboxProcess(args: readonly string[] = []): Promise<SandboxProcess> {
  const running = new RunningCli(['sandbox', '--json', ...args]);
  await running.shows('\n');
  const { endpoint, environment } = JSON.parse(running.stdout) as {
    readonly endpoint: string;
    readonly environment: Record<string, string>;
  };
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '', AWS_REGION: region = '' } = environment;
  const credentials = { accessKeyId, secretAccessKey };
  return {
    endpoint,
    env: environment,
    config: { endpoint, region, credentials },
    target: { label: endpoint, endpoint, region, credentials, propagationMs: 0, billed: false },
    async stop() {
      running.kill('SIGTERM');
      await running.ended();
    },
  };
}
