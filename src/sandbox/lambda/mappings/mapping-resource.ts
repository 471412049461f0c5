import type { Scope } from '../../cloud.ts';

/** The ARN that IAM is asked about for operations on one mapping. */
export function mappingResource(input: { readonly UUID?: string | undefined }, { account, region }: Scope): readonly string[] {
  return [`arn:aws:lambda:${region}:${account}:event-source-mapping:${input.UUID}`];
}
