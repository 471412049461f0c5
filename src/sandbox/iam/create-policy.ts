import { identifier } from '../identifier.ts';
import type { OperationOf } from '../operation.ts';
import { tagging } from './besides.ts';
import { policyDocument, policyName, policyPath, tags } from './constraints.ts';
import type { ManagedPolicy } from './entity.ts';
import { listedPolicy, policyContent } from './managed-policy.ts';
import { alreadyExists, checkName } from './refusals.ts';
import { iamState } from './state.ts';
import { addTags, tagList } from './tags.ts';

export const createPolicy: OperationOf<'iam', 'CreatePolicy'> = {
  constraints: {
    PolicyName: policyName,
    Path: policyPath,
    PolicyDocument: policyDocument,
    Description: { maxLength: 1000 },
    Tags: tags,
  },
  resources: ({ PolicyName, Path = '/' }, { account }) => [`arn:aws:iam::${account}:policy${Path}${PolicyName ?? ''}`],
  besides: ({ Tags }) => tagging('iam:TagPolicy', Tags),
  handle(input, { account, cloud }) {
    const iam = iamState(cloud, account);
    const name = checkName(input.PolicyName ?? '', 'policyName');
    const document = policyContent(input.PolicyDocument ?? '');
    if ([...iam.policies.values()].some((policy) => policy.name.toLowerCase() === name.toLowerCase())) {
      throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
    }
    const path = input.Path ?? '/';
    const now = cloud.clock.now();
    const policy: ManagedPolicy = {
      name,
      id: identifier('ANPA', 21),
      path,
      arn: `arn:aws:iam::${account}:policy${path}${name}`,
      description: input.Description,
      created: now,
      updated: now,
      defaultVersion: 'v1',
      lastVersion: 1,
      versions: new Map([['v1', { document, created: now }]]),
      tags: new Map(),
    };
    addTags(policy.tags, input.Tags ?? []);
    iam.policies.set(policy.arn, policy);
    return { Policy: { ...listedPolicy(iam, policy), ...(policy.tags.size === 0 ? {} : { Tags: tagList(policy.tags) }) } };
  },
};
