import type { Scope } from '../../cloud.ts';
import type { ServiceKeys } from '../../iam/policy.ts';
import type { RequestContext } from '../../operation.ts';
import { functionArn, readFunctionName } from '../functions/function-name.ts';
import { mappingsOf } from './mappings.ts';

interface MappingReference {
  readonly UUID?: string | undefined;
  readonly FunctionName?: string | undefined;
}

/** The ARN that IAM is asked about for operations on one mapping. */
export function mappingResource(input: MappingReference, { account, region }: Scope): readonly string[] {
  return [`arn:aws:lambda:${region}:${account}:event-source-mapping:${input.UUID}`];
}

/** What conditions can ask about a mapping: the function that it is to call, or else the one that it calls (Service Authorization Reference, AWS Lambda). */
export function mappedFunctionKey({ UUID, FunctionName }: MappingReference, { cloud, ...scope }: RequestContext): ServiceKeys {
  if (FunctionName !== undefined) {
    const { name, qualifier, ...place } = readFunctionName(FunctionName, scope);
    return { 'lambda:FunctionArn': functionArn(place, name, qualifier) };
  }
  const mapping = mappingsOf(cloud, scope).find(UUID ?? '');
  return mapping === undefined ? {} : { 'lambda:FunctionArn': mapping.settings.target.arn };
}
