import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

let aws: SandboxUnderTest;
beforeAll(async () => {
  aws = await sandboxUnderTest({ account: '111122223333' });
});
afterAll(() => aws.stop());

describe('the alias of an account', () => {
  it('is none at first, then one, and another takes its place', async () => {
    expect(await aws.iam.listAccountAliases()).toMatchObject({ AccountAliases: [], IsTruncated: false });
    await aws.iam.createAccountAlias({ AccountAlias: 'streams-101' });
    await aws.iam.createAccountAlias({ AccountAlias: 'streams-102' });
    expect(await aws.iam.listAccountAliases()).toMatchObject({ AccountAliases: ['streams-102'] });
  });

  it('is taken for all other accounts until it is deleted', async () => {
    const { iam } = aws.as(aws.sandbox.credentialsOf('444455556666'));
    expect(await failureOf(iam.createAccountAlias({ AccountAlias: 'streams-102' }))).toMatchObject({
      name: 'EntityAlreadyExistsException',
    });
    expect(await failureOf(iam.deleteAccountAlias({ AccountAlias: 'streams-102' }))).toMatchObject({ name: 'NoSuchEntityException' });
    await aws.iam.deleteAccountAlias({ AccountAlias: 'streams-102' });
    await iam.createAccountAlias({ AccountAlias: 'streams-102' });
    expect(await iam.listAccountAliases()).toMatchObject({ AccountAliases: ['streams-102'] });
    expect(await aws.iam.listAccountAliases()).toMatchObject({ AccountAliases: [] });
  });

  it.each(['Ab-c', 'a', 'a--b', '-ab'])('cannot be %s', async (AccountAlias) => {
    expect(await failureOf(aws.iam.createAccountAlias({ AccountAlias }))).toMatchObject({ name: expect.stringMatching(/ValidationError/) });
  });
});
