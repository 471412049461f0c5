import type { Cloud } from '../cloud.ts';

/** The tags of the resource with an ARN, in whichever account and region; undefined where there is none that has any. */
export type ResourceTags = (cloud: Cloud, arn: string) => ReadonlyMap<string, string> | undefined;

const byVendor = new Map<string, ResourceTags>();

/**
 * Lets conditions ask for the tags of a service's resources.
 * @param vendor what stands for the service in ARNs
 */
export function knowTags(vendor: string, tags: ResourceTags): void {
  byVendor.set(vendor, tags);
}

/**
 * The value of `aws:ResourceTag/team`, or of IAM's own `iam:ResourceTag/team`, for a resource. As all condition keys, the
 * keys of tags are not distinguished by case there (IAM User Guide, "AWS global condition context keys").
 * @param key in lower case
 */
export function resourceTag(cloud: Cloud, arn: string, key: string): readonly string[] | undefined {
  const [, own, wanted] = /^(aws|iam):resourcetag\/(.+)$/.exec(key) ?? [];
  const vendor = arn.split(':')[2] ?? '';
  if (wanted === undefined || (own === 'iam' && vendor !== 'iam')) return undefined;
  const tags = byVendor.get(vendor)?.(cloud, arn) ?? [];
  const found = [...tags].find(([name]) => name.toLowerCase() === wanted);
  return found && [found[1]];
}
