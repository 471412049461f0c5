import { malformed, type WrittenList } from './policy-syntax.ts';

/** The six parts of an ARN. What is missing at its end stands for anything. */
function partsOf(resource: string): readonly string[] {
  const parts = resource.split(':');
  return ['arn', ...parts.slice(1), ...Array.from({ length: Math.max(0, 6 - parts.length) }, () => '*')];
}

/** Whether older parts of IAM can make something of a resource: those want more than a service, and an account after it. */
export function isReadAsBefore({ values }: WrittenList): boolean {
  return values.every((resource) => {
    const parts = resource.split(':');
    if (parts.length < 3 || !/^(aws|\*)/.test(parts[1] ?? '')) return true;
    return parts[2] !== '' && (parts.length === 3 || parts.length > 5 || resource.includes('*'));
  });
}

const iamPaths = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
];

/** @throws {AwsError} for what is no ARN of a resource that a policy can be about */
export function checkResource(resource: string): void {
  if (resource === '*') return;
  if (!resource.includes(':')) throw malformed(`Resource ${resource} must be in ARN format or "*".`);
  const [, partition = '', vendor = '', region = '', account = '', ...rest] = partsOf(resource);
  if (partition !== '*' && !partition.startsWith('aws')) {
    throw malformed(`Partition "${partition}" is not valid for resource "${partsOf(resource).join(':')}".`);
  }
  // A star for all of them is taken where it is written, and not where nothing is.
  if (/[*?]/.test(vendor) && (vendor !== '*' || resource.split(':').length < 3)) {
    throw malformed('Resource vendor must be fully qualified and cannot contain regexes.');
  }
  const regional = region !== '' && !/[*?]/.test(region);
  if (vendor === 'iam') checkIamPath(resource, rest.join(':'), regional);
  // Access points have a region, and an account.
  if (vendor === 's3' && regional && account === '') throw malformed(`Resource ${resource} can not contain region information.`);
}

function checkIamPath(resource: string, path: string, regional: boolean): void {
  if (regional) throw malformed(`IAM resource ${resource} cannot contain region information.`);
  const fixed = /^[^*?$]*/.exec(path)?.[0] ?? '';
  if (fixed.length < path.length && iamPaths.some((known) => known.startsWith(fixed))) return;
  if (iamPaths.some((known) => path.startsWith(known))) return;
  throw malformed(`IAM resource path must either be "*" or start with ${iamPaths.join(', ')}.`);
}
