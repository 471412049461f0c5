import type { PolicyVersion as VersionOutput } from '@aws-sdk/client-iam';
import type { Constraint, OperationOf } from '../operation.ts';
import { paging, policyArn, policyDocument } from './constraints.ts';
import { encodedDocument, type ManagedPolicy, wholeSeconds } from './entity.ts';
import { ownPolicyOf, policyContent, policyOf, policyResource } from './managed-policy.ts';
import { page } from './page.ts';
import { deleteConflict, limitExceeded, noSuchEntity } from './refusals.ts';

/** How many versions IAM keeps of a policy (IAM quotas). */
const versionsPerPolicy = 5;
const versionId: Constraint = {
  required: true,
  pattern: /^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$/,
  patternText: String.raw`v[1-9][0-9]*(\.[A-Za-z0-9-]*)?`,
};

export const createPolicyVersion: OperationOf<'iam', 'CreatePolicyVersion'> = {
  constraints: { PolicyArn: policyArn, PolicyDocument: policyDocument },
  resources: policyResource,
  handle(input, context) {
    const policy = ownPolicyOf(input, context);
    const document = policyContent(input.PolicyDocument ?? '');
    if (policy.versions.size >= versionsPerPolicy) {
      throw limitExceeded(
        'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
      );
    }
    policy.lastVersion += 1;
    const id = `v${policy.lastVersion}`;
    const now = context.cloud.clock.now();
    policy.versions.set(id, { document, created: now });
    policy.updated = now;
    if (input.SetAsDefault === true) policy.defaultVersion = id;
    const { Document: _, ...created } = describedVersion(policy, id);
    return { PolicyVersion: created };
  },
};

export const getPolicyVersion: OperationOf<'iam', 'GetPolicyVersion'> = {
  constraints: { PolicyArn: policyArn, VersionId: versionId },
  resources: policyResource,
  handle: (input, context) => ({ PolicyVersion: describedVersion(policyOf(input, context), input.VersionId ?? '') }),
};

export const listPolicyVersions: OperationOf<'iam', 'ListPolicyVersions'> = {
  constraints: { PolicyArn: policyArn, ...paging },
  resources: policyResource,
  handle(input, context) {
    const policy = policyOf(input, context);
    const { items, ...rest } = page(policy.versions.keys(), input, (id) => id.slice(1).padStart(6, '0'));
    const versions = items.map((id) => {
      const { Document: _, ...listed } = describedVersion(policy, id);
      return listed;
    });
    return { Versions: versions, ...rest };
  },
};

export const setDefaultPolicyVersion: OperationOf<'iam', 'SetDefaultPolicyVersion'> = {
  constraints: { PolicyArn: policyArn, VersionId: versionId },
  resources: policyResource,
  handle(input, context) {
    const policy = ownPolicyOf(input, context);
    describedVersion(policy, input.VersionId ?? '');
    policy.defaultVersion = input.VersionId ?? '';
    return {};
  },
};

export const deletePolicyVersion: OperationOf<'iam', 'DeletePolicyVersion'> = {
  constraints: { PolicyArn: policyArn, VersionId: versionId },
  resources: policyResource,
  handle(input, context) {
    const policy = ownPolicyOf(input, context);
    const id = input.VersionId ?? '';
    describedVersion(policy, id);
    if (policy.defaultVersion === id) throw deleteConflict('Cannot delete the default version of a policy.');
    policy.versions.delete(id);
    return {};
  },
};

function describedVersion(policy: ManagedPolicy, id: string): VersionOutput {
  const version = policy.versions.get(id);
  if (version === undefined) throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  return {
    Document: encodedDocument(version.document),
    VersionId: id,
    IsDefaultVersion: id === policy.defaultVersion,
    CreateDate: wholeSeconds(version.created),
  };
}
