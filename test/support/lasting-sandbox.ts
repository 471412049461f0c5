import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { Target } from '../../src/aws/target.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start.ts';
import { cli, type Ended, RunningCli, temporaryFolder } from './cli.ts';
import { environmentFor } from './environment.ts';
import { keySettings, writeProfiles } from './profiles.ts';

/** A sandbox that stays when runs of the program end, because it is in the process of the tests of a file, which share it. */
export interface LastingSandbox {
  readonly sandbox: Sandbox;
  readonly endpoint: string;
  /** What programs are to have in their environment to reach it. */
  readonly env: Record<string, string>;
  readonly target: Target;
}

export function lastingSandbox(options: SandboxOptions = {}): LastingSandbox {
  let sandbox: Sandbox;
  const bugs: unknown[] = [];
  beforeAll(async () => {
    sandbox = await startSandbox({ onBug: (error) => bugs.push(error), ...options });
  });
  afterAll(async () => {
    await sandbox.stop();
    expect(bugs).toEqual([]);
  });
  return {
    get sandbox() {
      return sandbox;
    },
    get endpoint() {
      return sandbox.endpoint;
    },
    get env() {
      return environmentFor(sandbox, sandbox.credentials);
    },
    get target() {
      const { endpoint, region, credentials } = sandbox;
      return { label: endpoint, endpoint, region, credentials, propagationMs: 0, billed: false };
    },
  };
}

/** An account that a sandbox stands for, and somebody with a profile `class` of it, who has a new home in each test. */
export interface ProfiledAccount extends LastingSandbox {
  readonly account: string;
  readonly home: string;
  /** That of whoever uses the profile. It can be added to. */
  readonly env: Record<string, string>;
  /** Gives the profile `class` these settings instead. */
  become(settings: Readonly<Record<string, string>>): void;
  run(...args: readonly string[]): Promise<Ended>;
  start(...args: readonly string[]): RunningCli;
}

/** A profile is somebody's account, wherever the endpoint is: so the sandbox stands for AWS here. */
export function profiledAccount(): ProfiledAccount {
  const account = '111122223333';
  const lasting = lastingSandbox({ account });
  let home: string;
  let env: Record<string, string>;
  const become = (settings: Readonly<Record<string, string>>) => writeProfiles(home, { class: settings });
  beforeEach(() => {
    home = temporaryFolder();
    env = { AWS_ENDPOINT_URL: lasting.endpoint, AWS_REGION: lasting.sandbox.region, AWS_PROFILE: 'class' };
    become(keySettings(lasting.sandbox.credentials));
  });
  return {
    account,
    get sandbox() {
      return lasting.sandbox;
    },
    get endpoint() {
      return lasting.endpoint;
    },
    get target() {
      return lasting.target;
    },
    get home() {
      return home;
    },
    get env() {
      return env;
    },
    become,
    run: (...args) => cli(args, { home, env }),
    start: (...args) => new RunningCli(args, { home, env }),
  };
}
