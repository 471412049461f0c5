import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ManagedPolicy, PolicyDocument } from './entity.ts';
import type { Policy } from './policy.ts';
import { parsePolicy } from './policy-document.ts';

/** A line of `aws-managed-policies.jsonl`: the documents are AWS's own, as they were in 2026. */
interface PublishedPolicy {
  readonly name: string;
  readonly path: string;
  readonly description?: string;
  readonly version: string;
  readonly created: string;
  readonly updated: string;
  readonly document: unknown;
}

let policies: ReadonlyMap<string, ManagedPolicy> | undefined;

/** The managed policies of AWS that labs use, by ARN: those that execution roles are given, and those for people who look on. */
export function awsManagedPolicies(): ReadonlyMap<string, ManagedPolicy> {
  policies ??= new Map(
    readFileSync(new URL('aws-managed-policies.jsonl', import.meta.url), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line): PublishedPolicy => JSON.parse(line))
      .map((published) => awsManagedPolicy(published))
      .map((policy) => [policy.arn, policy]),
  );
  return policies;
}

function awsManagedPolicy({ name, path, description, version, created, updated, document }: PublishedPolicy): ManagedPolicy {
  const arn = `arn:aws:iam::aws:policy${path}${name}`;
  return {
    name,
    // AWS's own identifiers are not known; these have their form and stay the same from run to run.
    id: `ANPA${createHash('sha256').update(arn).digest('hex').slice(0, 17).toUpperCase()}`,
    path,
    arn,
    description,
    created: Date.parse(created),
    updated: Date.parse(updated),
    defaultVersion: version,
    lastVersion: Number(version.slice(1)),
    versions: new Map([[version, { document: parsedWhenNeeded(JSON.stringify(document, null, 4)), created: Date.parse(updated) }]]),
    tags: new Map(),
  };
}

/** ReadOnlyAccess names four thousand actions: it is taken apart only where it is attached. */
function parsedWhenNeeded(text: string): PolicyDocument {
  let parsed: Policy | undefined;
  return {
    text,
    get policy() {
      parsed ??= parsePolicy(text, 'identity');
      return parsed;
    },
  };
}
