/**
 * The name of the role that an ARN is of, without the path that may stand before it (IAM User Guide, "IAM identifiers").
 * @returns undefined for what is no ARN of a role.
 */
export function roleNameOf(arn: string): string | undefined {
  return /^arn:[\w-]+:iam::\d{12}:role\/(?:[\w+=,.@-]+\/)*([\w+=,.@-]{1,64})$/.exec(arn)?.[1];
}
