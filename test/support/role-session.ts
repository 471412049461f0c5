import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Sandbox } from '../../src/sandbox/start.ts';
import { accountTrust } from './policies.ts';
import { keysOf } from './sandbox-clients.ts';

/** What a client needs to be one of a new role that may do what the statements allow, in a session of the name `tester`. */
export async function roleSession({ endpoint, region, credentials }: Sandbox, RoleName: string, Statement: readonly object[]) {
  const config = { endpoint, region, maxAttempts: 1 };
  const iam = new IAMClient({ ...config, credentials });
  const sts = new STSClient({ ...config, credentials });
  try {
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: accountTrust }));
    if (Statement.length > 0) {
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }));
    }
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'tester' }));
    return { ...config, credentials: keysOf(Credentials) };
  } finally {
    iam.destroy();
    sts.destroy();
  }
}
