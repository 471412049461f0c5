import { CreateRoleCommand, EntityAlreadyExistsException, GetRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Sandbox } from '../../src/sandbox/start.ts';
import { trustText } from './policies.ts';
import { keysOf } from './sandbox-clients.ts';

/** What a client needs to be one of a role that may do what the statements allow. */
export async function roleSession(
  { endpoint, region, credentials, account }: Sandbox,
  RoleName: string,
  Statement: readonly object[],
  RoleSessionName = 'tester',
) {
  const config = { endpoint, region, maxAttempts: 1 };
  const iam = new IAMClient({ ...config, credentials });
  const sts = new STSClient({ ...config, credentials });
  try {
    const { Role } = await iam
      .send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustText({ AWS: account }) }))
      .catch((error) => {
        if (error instanceof EntityAlreadyExistsException) return iam.send(new GetRoleCommand({ RoleName }));
        throw error;
      });
    if (Statement.length > 0) {
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }));
    }
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName }));
    return { ...config, credentials: keysOf(Credentials) };
  } finally {
    iam.destroy();
    sts.destroy();
  }
}
