import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Policy } from './policy.ts';
import { parsePolicy } from './policy-document.ts';

/** A policy document: as it was given, which is how it is given back, and as it is evaluated. */
export interface PolicyDocument {
  readonly text: string;
  readonly policy: Policy;
}

/** A policy that stands by itself and can be attached to roles. */
export interface ManagedPolicy {
  readonly name: string;
  /** `ANPA…` */
  readonly id: string;
  readonly path: string;
  readonly arn: string;
  readonly description: string | undefined;
  /** Epoch milliseconds. */
  readonly created: number;
  updated: number;
  defaultVersion: string;
  readonly versions: Map<string, PolicyVersion>;
  readonly tags: Map<string, string>;
}

interface PolicyVersion {
  readonly document: PolicyDocument;
  /** Epoch milliseconds. */
  readonly created: number;
}

/** The document of the version that counts. */
export function currentDocument(policy: ManagedPolicy): PolicyDocument {
  const version = policy.versions.get(policy.defaultVersion);
  if (version === undefined) throw new Error(`${policy.arn} has no version ${policy.defaultVersion}.`);
  return version.document;
}

/** A line of `managed-policies.jsonl`: the documents are AWS's own, as they were in 2026. */
interface PublishedPolicy {
  readonly name: string;
  readonly path: string;
  readonly description: string;
  readonly version: string;
  readonly created: string;
  readonly updated: string;
  readonly document: unknown;
}

let policies: ReadonlyMap<string, ManagedPolicy> | undefined;

/** The managed policies of AWS that labs use, by ARN: those that execution roles are given, and those for people who look on. */
export function awsManagedPolicies(): ReadonlyMap<string, ManagedPolicy> {
  policies ??= new Map(
    readFileSync(new URL('managed-policies.jsonl', import.meta.url), 'utf8')
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
