import { IAM } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, temporaryFolder } from '../support/cli.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';
import { trustText } from '../support/policies.ts';

const account = '111122223333';
const lasting = lastingSandbox({ account });
const arn = `arn:aws:iam::${account}:role/lab/LabRole`;
let iam: IAM;

beforeAll(async () => {
  iam = new IAM({ endpoint: lasting.endpoint, region: 'us-east-1', credentials: lasting.sandbox.credentials });
  const AssumeRolePolicyDocument = trustText({ Service: 'lambda.amazonaws.com' });
  await iam.createRole({ RoleName: 'LabRole', Path: '/lab/', AssumeRolePolicyDocument });
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole';
  await iam.attachRolePolicy({ RoleName: 'LabRole', PolicyArn });
});
afterAll(() => iam.destroy());

const roles = async () => (await iam.listRoles({})).Roles?.map(({ RoleName }) => RoleName);

describe('--use-role', () => {
  it('does a lab with a role that is there already, which stays as it was', async () => {
    const options = { home: temporaryFolder(), env: lasting.env };
    const { code, stdout } = await cli(['start', '01', '--yes', '--use-role', arn], options);
    expect(code).toBe(0);
    expect(stdout).toContain(`ARN of LabRole: ${arn}`);
    expect(stdout).toContain('Nothing is left behind.');
    expect(stdout).not.toContain('create-role');
    expect(await roles()).toEqual(['LabRole']);
  });

  it('is part of what a student has to be allowed, and of what is verified', async () => {
    const { stdout } = await cli(['policy', 'student', '--lab', '01', '--use-role', arn]);
    expect(stdout).not.toContain('iam:CreateRole');
    expect(stdout).toMatch(/"iam:PassRole"\s*\],\s*"Resource": \[\s*"arn:aws:iam::\*:role\/lab\/LabRole"/);
    const { stdout: seen } = await cli(['verify', '01', '--target', lasting.endpoint, '--use-role', arn], { env: lasting.env });
    expect(seen).toMatch(/ARN of LabRole|trust policy of LabRole/);
  });

  it('says what is wrong with a role that is another one, or not there', async () => {
    const options = { home: temporaryFolder(), env: lasting.env };
    const other = await cli(['start', '01', '--yes', '--use-role', `arn:aws:iam::${account}:role/LabRole`], options);
    expect(other.code).toBe(1);
    expect(other.stdout).toContain('Give --use-role the ARN that is seen here.');
    const none = await cli(['start', '01', '--yes', '--use-role', `arn:aws:iam::${account}:role/nobody`], options);
    expect(none.code).not.toBe(0);
    expect(none.stdout + none.stderr).toContain('nobody');
    const wrong = await cli(['start', '01', '--use-role', 'LabRole'], options);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('--use-role wants the ARN of a role, and got "LabRole".') });
  });
});
