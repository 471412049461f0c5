import { credentialStore } from '../auth/credentials.ts';
import { AwsError } from '../error.ts';
import { identityRefusal, issuedAt, sessionPrincipal, trustIn } from '../iam/access.ts';
import { currentDocument, type Role } from '../iam/entity.ts';
import type { ServiceKeys } from '../iam/policy.ts';
import { parsePolicy } from '../iam/policy-document.ts';
import { requestTagKeys } from '../iam/request-tags.ts';
import { findRole, iamState } from '../iam/state.ts';
import { refuseUnsupportedMembers } from '../not-implemented.ts';
import type { Constraint, OperationOf, RequestContext } from '../operation.ts';
import { sessionTags } from './session-tags.ts';

/** A role that assumes a role gets an hour at the most (STS API reference, "role chaining"). */
const longestChainedSession = 3600;

const tagKey: Constraint = { required: true, maxLength: 128, minLength: 1 };

/**
 * Both sides have to agree: the role's trust policy to the caller, and the caller's own policies to assuming the role,
 * unless the trust policy of a role in the same account names the caller itself. No `resources`, because that question
 * is asked here.
 *
 * AWS refuses root users ("Roles may not be assumed by root accounts."). The sandbox has no other users, so here the root
 * of an account may do what an administrator's user may.
 */
export const assumeRole: OperationOf<'sts', 'AssumeRole'> = {
  constraints: {
    RoleArn: { required: true, maxLength: 2048, minLength: 20 },
    RoleSessionName: { required: true, pattern: /^[\w+=,.@-]*$/, maxLength: 64, minLength: 2 },
    DurationSeconds: { max: 43200, min: 900 },
    ExternalId: { pattern: /^[\w+=,.@:/-]*$/, patternText: String.raw`[\w+=,.@:\/-]*`, maxLength: 1224, minLength: 2 },
    SourceIdentity: { pattern: /^[\w+=,.@-]*$/, maxLength: 64, minLength: 2 },
    Tags: { maxLength: 50, each: { members: { Key: tagKey, Value: { required: true, maxLength: 256 } } } },
    TransitiveTagKeys: { maxLength: 50, each: tagKey },
  },
  handle(input, context) {
    refuseUnsupportedMembers('sts:AssumeRole', input, ['SerialNumber', 'TokenCode', 'ProvidedContexts']);
    const { cloud, principal, region } = context;
    const arn = input.RoleArn ?? '';
    if (!/^arn:[\w-]+:iam::\d{12}:role\/\S+$/.test(arn)) throw new AwsError('ValidationError', `${arn} is invalid`);
    const role = findRole(cloud, arn);
    const tags = sessionTags(input.Tags, input.TransitiveTagKeys, principal);
    const keys = {
      ...requestTagKeys({ Tags: input.Tags }),
      ...(input.TransitiveTagKeys?.length ? { 'sts:TransitiveTagKeys': input.TransitiveTagKeys } : {}),
      'sts:RoleSessionName': input.RoleSessionName ?? '',
      ...(input.ExternalId === undefined ? {} : { 'sts:ExternalId': input.ExternalId }),
      ...(input.SourceIdentity === undefined ? {} : { 'sts:SourceIdentity': input.SourceIdentity }),
    };
    // A role that does not exist is answered like one that does not trust the caller.
    const actions = [
      'sts:AssumeRole',
      ...(input.Tags?.length ? ['sts:TagSession'] : []),
      ...(input.SourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
    ];
    const denied = role === undefined ? 'sts:AssumeRole' : actions.find((action) => !mayAct(action, role, context, keys));
    if (role === undefined || denied !== undefined) {
      const message = `User: ${principal.arn} is not authorized to perform: ${denied} on resource: ${arn}`;
      throw new AwsError('AccessDenied', message, { status: 403 });
    }
    const seconds = input.DurationSeconds ?? 3600;
    checkDuration(seconds, role, principal.kind === 'assumed-role');
    const policies = sessionPolicies(
      input.Policy,
      (input.PolicyArns ?? []).map(({ arn: policy }) => policy ?? ''),
      role,
      context,
    );
    const now = cloud.clock.now();
    const session = sessionPrincipal(role, input.RoleSessionName ?? '', {
      ...(policies === undefined ? {} : { sessionPolicies: policies }),
      ...tags,
      sessionKeys: issuedAt(now, input.SourceIdentity === undefined ? {} : { 'aws:SourceIdentity': input.SourceIdentity }),
    });
    const issued = credentialStore(cloud).issue(session, now + seconds * 1000);
    role.lastUsed = { at: now, region };
    return {
      Credentials: {
        AccessKeyId: issued.accessKeyId,
        SecretAccessKey: issued.secretAccessKey,
        SessionToken: issued.sessionToken,
        Expiration: new Date(Math.floor(now / 1000 + seconds) * 1000),
      },
      AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
      ...(input.SourceIdentity === undefined ? {} : { SourceIdentity: input.SourceIdentity }),
    };
  },
};

function mayAct(action: string, role: Role, { cloud, principal }: RequestContext, keys: ServiceKeys): boolean {
  const trust = trustIn(cloud, role, principal, action, keys);
  if (trust === 'denied' || trust === 'none') return false;
  const sameAccount = role.arn.split(':')[4] === principal.account;
  return identityRefusal(cloud, principal, action, role.arn, keys, sameAccount ? trust : 'account') === undefined;
}

function checkDuration(seconds: number, role: Role, chained: boolean): void {
  if (chained && seconds > longestChainedSession) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if (seconds > role.maxSessionDuration) {
    throw new AwsError('ValidationError', 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
}

/** The documents that narrow the session down, checked; `undefined` where none were given. */
function sessionPolicies(
  inline: string | undefined,
  arns: readonly string[],
  role: Role,
  { cloud }: RequestContext,
): readonly string[] | undefined {
  if (inline === undefined && arns.length === 0) return undefined;
  if (inline !== undefined) parsePolicy(inline, 'identity');
  const iam = iamState(cloud, role.arn.split(':')[4] ?? '');
  return [...(inline === undefined ? [] : [inline]), ...arns.map((arn) => currentDocument(iam.policy(arn)).text)];
}
