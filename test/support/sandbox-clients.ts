import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { STS } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start.ts';

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The SDK's clients for one set of credentials. */
interface Clients {
  readonly iam: IAM;
  readonly sts: STS;
  readonly logs: CloudWatchLogs;
  readonly sqs: SQS;
  readonly s3: S3;
}

export interface SandboxUnderTest extends Clients {
  readonly sandbox: Sandbox;
  /** Clients of somebody else than the root user. */
  as(credentials: Keys): Clients;
  /** Clients of a role of the sandbox's account, in a session of the name `tester`. */
  asRole(roleName: string): Promise<Clients>;
  /** Ends clients and sandbox, which must not have met a bug of its own. */
  stop(): Promise<void>;
}

/** A sandbox with the SDK's clients, as its root user. */
export async function sandboxUnderTest(options: SandboxOptions = {}): Promise<SandboxUnderTest> {
  const bugs: unknown[] = [];
  const sandbox = await startSandbox({ ...options, onBug: (error) => bugs.push(error) });
  const open: { destroy(): void }[] = [];
  const as = (credentials: Keys): Clients => {
    const config = { endpoint: sandbox.endpoint, region: sandbox.region, credentials, maxAttempts: 1 };
    const clients = {
      iam: new IAM(config),
      sts: new STS(config),
      logs: new CloudWatchLogs(config),
      sqs: new SQS(config),
      s3: new S3({ ...config, forcePathStyle: true }),
    };
    open.push(...Object.values(clients));
    return clients;
  };
  const root = as(sandbox.credentials);
  return {
    ...root,
    sandbox,
    as,
    async asRole(roleName) {
      const RoleArn = `arn:aws:iam::${sandbox.account}:role/${roleName}`;
      const { Credentials } = await root.sts.assumeRole({ RoleArn, RoleSessionName: 'tester' });
      return as(keysOf(Credentials));
    },
    async stop() {
      for (const client of open) client.destroy();
      await sandbox.stop();
      expect(bugs).toEqual([]);
    },
  };
}

interface IssuedKeys {
  readonly AccessKeyId: string | undefined;
  readonly SecretAccessKey: string | undefined;
  readonly SessionToken: string | undefined;
}

/** The credentials in an answer of STS, as clients take them. */
export function keysOf(issued: IssuedKeys | undefined): Keys {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = issued ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
