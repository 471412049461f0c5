import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  type FilteredLogEvent,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Delays, quickDelays } from '../../src/sandbox/delays.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start.ts';
import { waiting } from './kinesis.ts';

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

/** What the tests of a function need of its role. */
export const trustLambda = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
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
    const created = await iam.send(new CreateRoleCommand({ RoleName: 'runner', AssumeRolePolicyDocument: trustLambda }));
    role = created.Role?.Arn ?? '';
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'runner', PolicyArn: logging }));
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
      const trust = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };
      const document = (statements: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
      const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document([trust]) }));
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'inline', PolicyDocument: document(Statement) }));
      const { endpoint, region, credentials } = sandbox;
      const sts = new STSClient({ endpoint, region, credentials });
      const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'test' }));
      sts.destroy();
      const session = {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      };
      return new LambdaClient({ endpoint, region, credentials: session, maxAttempts: 1 });
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
