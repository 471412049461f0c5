/**
 * How the AWS CLI spells a name of the API: `CreateStream` is `create-stream`, `StreamARN` is `stream-arn`, and plurals
 * of abbreviations stay together (`ListARNs` is `list-arns`). The rule is botocore's `xform_name`.
 */
export function cliName(apiName: string): string {
  if (apiName.includes('-')) return apiName;
  return apiName
    .replace(/[A-Z]{2,}s$/, (plural) => `-${plural.toLowerCase()}`)
    .replace(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
