import type { Policy } from './policy.ts';

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
  /** The number of the version that was made last; numbers are not given out twice. */
  lastVersion: number;
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

/** What a service or a person acts as, with what it may do and who may act as it. */
export interface Role {
  readonly name: string;
  /** `AROA…` */
  readonly id: string;
  readonly path: string;
  readonly arn: string;
  /** Epoch milliseconds. */
  readonly created: number;
  description: string | undefined;
  /** Seconds. */
  maxSessionDuration: number;
  trust: PolicyDocument;
  /** The ARN of the managed policy that bounds what the role's policies can allow. */
  boundary: string | undefined;
  readonly tags: Map<string, string>;
  readonly inlinePolicies: Map<string, PolicyDocument>;
  /** ARNs of managed policies. */
  readonly attachedPolicies: Set<string>;
  /** Since when other services can assume it, in epoch milliseconds: a role gets around late. */
  readonly assumableFrom: number;
  /** Policies that have not got around yet, by the name of an inline one and the ARN of another: since when they count. */
  readonly grantsFrom: Map<string, number>;
  /** When credentials of the role were last made, in epoch milliseconds, and for which region. */
  lastUsed: { readonly at: number; readonly region: string } | undefined;
}

/** What IAM counts of a document: everything but white space. */
export function sizeOf(document: string): number {
  return document.replace(/\s/g, '').length;
}

/** A document as IAM gives it back: URL-encoded (RFC 3986). */
export function encodedDocument({ text }: PolicyDocument): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The times of IAM are whole seconds. */
export function wholeSeconds(epochMs: number): Date {
  return new Date(Math.floor(epochMs / 1000) * 1000);
}
