import type { Place } from '../../aws/permission.ts';
import type { CallEvent } from '../../aws/session.ts';
import type { CallEvidence, Evidence, ProbeEvidence, ResourceEvidence } from './verification.ts';

// More of either in one step says nothing more.
const mostCalls = 40;
const mostResources = 10;
const deepest = 5;

// The members in which an answer says what its own ARN is; those of others that it refers to are called otherwise.
const ownArn = ['EventSourceMappingArn', 'StreamARN', 'FunctionArn', 'DeliveryStreamARN', 'QueueArn', 'Arn', 'logGroupArn', 'arn'];
const created = [
  'StreamCreationTimestamp',
  'CreateDate',
  'CreateTimestamp',
  'CreatedTimestamp',
  'CreationDate',
  'CreationTime',
  'creationTime',
];
const changed = ['LastModified', 'LastUpdateTimestamp', 'LastModifiedTimestamp'];

/** Collects what the findings of one step rest on, from the calls that are made for it. */
export class EvidenceOfStep {
  readonly #names: readonly string[];
  readonly #place: Place;
  readonly #resources = new Map<string, ResourceEvidence>();
  readonly #calls: CallEvidence[] = [];
  #probe: ProbeEvidence | undefined;

  /** @param names of the resources of the lab; what is said of others is nobody's business. */
  constructor(names: readonly string[], place: Place) {
    this.#names = names;
    this.#place = place;
  }

  add(event: CallEvent): void {
    const { call, at, requestId, error } = event;
    // What was answered once may be told several times.
    const told = requestId !== undefined && this.#calls.some((known) => known.requestId === requestId);
    if (!told && this.#calls.length < mostCalls) {
      this.#calls.push({
        call: `${call.service}:${call.operation}`,
        at: new Date(at).toISOString(),
        ...(requestId === undefined ? {} : { requestId }),
        ...(error === undefined ? {} : { error: error.message }),
      });
    }
    if (event.error !== undefined) return;
    this.#look(event.answer, 0);
    // Where the log was read from a time on, its first line was not.
    if (call.operation === 'FilterLogEvents' && call.input['startTime'] === undefined)
      this.#lookAtLog(String(call.input['logGroupName']), event.answer);
  }

  /** Where a record was put. */
  probed(probe: ProbeEvidence): void {
    this.#probe = probe;
  }

  get evidence(): Evidence {
    const probe = this.#probe === undefined ? {} : { probe: this.#probe };
    return { resources: [...this.#resources.values()], calls: [...this.#calls], ...probe };
  }

  #look(value: unknown, depth: number): void {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof Date || depth > deepest) return;
    if (this.#resources.size >= mostResources) return;
    const members = value as Readonly<Record<string, unknown>>;
    const arn = ownArn.map((name) => members[name]).find((each) => typeof each === 'string' && each.startsWith('arn:'));
    if (typeof arn === 'string' && this.#isOfLab(members)) {
      const [made, touched] = [timeOf(members, created), timeOf(members, changed)];
      this.#resources.set(arn, {
        arn,
        ...(made === undefined ? {} : { created: made }),
        ...(made !== undefined || touched === undefined ? {} : { changed: touched }),
      });
    }
    for (const member of Object.values(members)) this.#look(member, depth + 1);
  }

  /** A mapping is known by the function that it names. */
  #isOfLab(members: Readonly<Record<string, unknown>>): boolean {
    const arns = Object.values(members).filter((each) => typeof each === 'string' && each.startsWith('arn:'));
    return arns.some((arn) => this.#names.some((name) => String(arn).endsWith(name)));
  }

  #lookAtLog(group: string, answer: unknown): void {
    const { events = [] } = answer as { readonly events?: readonly { readonly timestamp?: number }[] };
    const first = events.reduce((least, { timestamp = least }) => Math.min(least, timestamp), Number.POSITIVE_INFINITY);
    if (!Number.isFinite(first)) return;
    const { partition, region, account } = this.#place;
    const arn = `arn:${partition}:logs:${region}:${account}:log-group:${group}`;
    this.#resources.set(arn, { arn, created: new Date(first).toISOString() });
  }
}

/** As ISO 8601; AWS gives times as dates, as text, and as seconds or milliseconds. */
function timeOf(members: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  const value = names.map((name) => members[name]).find((each) => each !== undefined);
  if (value instanceof Date) return value.toISOString();
  const number = typeof value === 'number' ? value : Number(value);
  if (value !== undefined && Number.isFinite(number)) return new Date(number < 1e11 ? number * 1_000 : number).toISOString();
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : undefined;
}
