import { AttachRolePolicyCommand, CreateRoleCommand, type IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';

/** Creates a role with one policy: a managed one by its ARN, or the text of its own. @returns its ARN. */
export async function roleWith(
  iam: IAMClient,
  RoleName: string,
  AssumeRolePolicyDocument: string,
  policy: { readonly managed: string } | { readonly inline: string },
): Promise<string> {
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  if ('managed' in policy) await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: policy.managed }));
  else await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: policy.inline }));
  return Role?.Arn ?? '';
}
