import type { Policy as PolicyOutput } from '@aws-sdk/client-iam';
import { AwsError } from '../error.ts';
import type { RequestContext } from '../operation.ts';
import { type ManagedPolicy, type PolicyDocument, sizeOf, wholeSeconds } from './entity.ts';
import { parsePolicy } from './policy-document.ts';
import { limitExceeded } from './refusals.ts';
import { type IamState, iamState } from './state.ts';
import { tagList } from './tags.ts';

/** What a managed policy may have, in characters without white space (IAM quotas). */
const policySize = 6144;

/** Reads the document of a managed policy. @throws {AwsError} MalformedPolicyDocument, LimitExceeded */
export function policyContent(text: string): PolicyDocument {
  const policy = parsePolicy(text, 'identity');
  if (sizeOf(text) > policySize) throw limitExceeded(`Cannot exceed quota for PolicySize: ${policySize}`);
  return { text, policy };
}

/** The ARN that IAM is asked about for an operation on a managed policy. */
export function policyResource({ PolicyArn }: { readonly PolicyArn: string | undefined }): string[] {
  return [PolicyArn ?? ''];
}

/** @throws {AwsError} NoSuchEntity, ValidationError */
export function policyOf({ PolicyArn }: { readonly PolicyArn: string | undefined }, { cloud, account }: RequestContext): ManagedPolicy {
  return iamState(cloud, account).policy(PolicyArn ?? '');
}

/** A policy that the account may change: not one of AWS's. @throws {AwsError} NoSuchEntity, InvalidInput */
export function ownPolicyOf(input: { readonly PolicyArn: string | undefined }, context: RequestContext): ManagedPolicy {
  const policy = policyOf(input, context);
  if (iamState(context.cloud, context.account).policies.has(policy.arn)) return policy;
  // The text is unverified.
  throw new AwsError('InvalidInput', 'Policy is outside your own account.');
}

/** A managed policy as GetPolicy describes it. */
export function describedPolicy(iam: IamState, policy: ManagedPolicy): PolicyOutput {
  return {
    ...listedPolicy(iam, policy),
    ...(policy.description === undefined ? {} : { Description: policy.description }),
    Tags: tagList(policy.tags),
  };
}

/** A managed policy as ListPolicies shows it. */
export function listedPolicy(iam: IamState, policy: ManagedPolicy): PolicyOutput {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: iam.rolesWith(policy.arn).length,
    PermissionsBoundaryUsageCount: iam.rolesBoundedBy(policy.arn).length,
    IsAttachable: true,
    CreateDate: wholeSeconds(policy.created),
    UpdateDate: wholeSeconds(policy.updated),
  };
}
