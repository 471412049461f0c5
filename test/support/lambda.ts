import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  type FilteredLogEvent,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Delays, quickDelays } from '../../src/sandbox/delays.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start.ts';
import { waiting } from './kinesis.ts';
import { lambdaTrust } from './policies.ts';
import { roleWith } from './role.ts';
import { roleSession } from './role-session.ts';

export const briefDelays: Delays = {
  ...quickDelays,
  streamCreate: 10,
  streamUpdate: 10,
  streamDelete: 10,
  functionCreate: 10,
  mappingTransition: 10,
  mappingPollStart: 10,
  mappingDelete: 10,
  logDelivery: 0,
};

const logging = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

/** A ZIP file of text files by path. */
export function zipped(files: Readonly<Record<string, string>>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])) as Zippable);
}

/** What came of an invocation. */
export interface Invoked {
  readonly status: number | undefined;
  /** `Unhandled`, or undefined when the function succeeded. */
  readonly error: string | undefined;
  /** The parsed answer. */
  readonly answer: unknown;
  /** The last 4 KB of the log. */
  readonly log: string;
}

/** A sandbox that the tests of one file share, with a role that may log, and clients of what functions touch. */
export function lambdaSandbox(options: SandboxOptions = {}) {
  let sandbox: Sandbox;
  let client: LambdaClient;
  let iam: IAMClient;
  let logs: CloudWatchLogsClient;
  let role = '';
  let names = 0;
  const bugs: unknown[] = [];

  beforeAll(async () => {
    sandbox = await startSandbox({ delays: briefDelays, onBug: (error) => bugs.push(error), ...options });
    const config = { endpoint: sandbox.endpoint, region: sandbox.region, credentials: sandbox.credentials, maxAttempts: 1 };
    client = new LambdaClient(config);
    iam = new IAMClient(config);
    logs = new CloudWatchLogsClient(config);
    role = await roleWith(iam, 'runner', lambdaTrust, { managed: logging });
  });

  afterAll(async () => {
    for (const each of [client, iam, logs]) each.destroy();
    await sandbox.stop();
    expect(bugs).toEqual([]);
  });

  return {
    get sandbox() {
      return sandbox;
    },
    get client() {
      return client;
    },
    get iam() {
      return iam;
    },
    get role() {
      return role;
    },
    /** A client that speaks for a new role, which may do what the statements say. */
    async clientOf(RoleName: string, ...Statement: readonly object[]): Promise<LambdaClient> {
      return new LambdaClient(await roleSession(sandbox, RoleName, Statement, 'test'));
    },
    newName(): string {
      names += 1;
      return `function-${names}`;
    },
    /** The input of CreateFunction: a Node.js function from files, or from the text of `index.js`. */
    input(code: string | Readonly<Record<string, string>>, settings: Partial<CreateFunctionCommandInput> = {}): CreateFunctionCommandInput {
      return {
        FunctionName: this.newName(),
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: role,
        Code: { ZipFile: zipped(typeof code === 'string' ? { 'index.js': code } : code) },
        ...settings,
      };
    },
    /** Creates a function and waits until it is Active. @returns its name. */
    async deploy(code: string | Readonly<Record<string, string>>, settings: Partial<CreateFunctionCommandInput> = {}): Promise<string> {
      const { FunctionName } = await client.send(new CreateFunctionCommand(this.input(code, settings)));
      await waitUntilFunctionActiveV2({ client, ...waiting }, { FunctionName });
      return FunctionName ?? '';
    },
    async invoke(FunctionName: string, event: unknown = {}, settings: Partial<InvokeCommandInput> = {}): Promise<Invoked> {
      const answer = await client.send(
        new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)), LogType: 'Tail', ...settings }),
      );
      const text = answer.Payload?.transformToString() ?? '';
      return {
        status: answer.StatusCode,
        error: answer.FunctionError,
        answer: text === '' ? undefined : JSON.parse(text),
        log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
      };
    },
    /** Deploys, and invokes once. */
    async run(code: string | Readonly<Record<string, string>>, settings: Partial<CreateFunctionCommandInput> = {}): Promise<Invoked> {
      return this.invoke(await this.deploy(code, settings));
    },
    async createLogGroup(logGroupName: string): Promise<void> {
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
    },
    /** The messages that CloudWatch Logs has of a function, over all its streams. */
    async logged(FunctionName: string): Promise<readonly string[]> {
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${FunctionName}` }));
      return events.map(({ message = '' }) => message);
    },
    /** The same with their times; nothing where the function has not run yet. */
    async events(FunctionName: string): Promise<readonly FilteredLogEvent[]> {
      try {
        return (await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${FunctionName}` }))).events ?? [];
      } catch (error) {
        if (error instanceof Error && error.name === 'ResourceNotFoundException') return [];
        throw error;
      }
    },
  };
}
