import { z } from 'zod';
import { bounded, jsonIn, jsonText, toJson } from '../../util/json.ts';
import { redacted } from '../../util/redact.ts';
import { UserError } from '../../util/user-error.ts';
import type { StudentMarks, Verification } from '../verify/verification.ts';

/** The version of the format. It grows when a member changes its meaning or goes away, not when one is added. */
export const verificationFormat = 1;

/**
 * A verification as one JSON document, one student in a line (docs/verification.md):
 * `{ format, verification: VerificationStart, summary: VerificationEnd, students: [StudentMarks] }`.
 */
export function* verificationJson({ start, end, students }: Verification): Generator<string> {
  yield `{"format": ${verificationFormat},\n"verification": {"lab": ${safe(start.lab)},${safe(without(start, 'lab')).slice(1)},\n"summary": ${safe(end)},\n"students": [\n`;
  let first = true;
  for (const student of students()) {
    yield `${first ? '' : ',\n'}${safe(student)}`;
    first = false;
  }
  yield '\n]}\n';
}

function safe(value: unknown): string {
  return jsonText(bounded(redacted(toJson(value))));
}

function without<Whole extends object, Member extends keyof Whole>(whole: Whole, member: Member): Omit<Whole, Member> {
  const { [member]: _, ...rest } = whole;
  return rest;
}

const points = z.object({ earned: z.number(), possible: z.number(), unchecked: z.number() });
const problem = z.object({ message: z.string(), hint: z.string().optional() });
const finding = z.object({
  fact: z.string(),
  expected: z.string(),
  observed: z.string(),
  ok: z.boolean(),
  hint: z.string().optional(),
  absent: z.literal(true).optional(),
});
const states = ['met', 'not-met', 'absent', 'unchecked'] as const;
const step = z.object({
  id: z.string(),
  heading: z.string(),
  uses: z.string(),
  state: z.enum([...states, 'left-out']),
  points: points.omit({ unchecked: true }),
  findings: z.array(finding),
  problem: problem.optional(),
  hint: z.string().optional(),
  evidence: z.object({
    resources: z.array(z.object({ arn: z.string(), created: z.string().optional(), changed: z.string().optional() })),
    calls: z.array(z.object({ call: z.string(), requestId: z.string().optional(), at: z.string(), error: z.string().optional() })),
    probe: z
      .object({
        nonce: z.string(),
        stream: z.string(),
        put: z.string(),
        shard: z.string().optional(),
        sequenceNumber: z.string().optional(),
        event: z.object({ group: z.string(), logStream: z.string(), at: z.string(), message: z.string() }).optional(),
      })
      .optional(),
  }),
});
const student = z.object({
  student: z.string(),
  columns: z.record(z.string(), z.string()),
  state: z.enum(states),
  points,
  steps: z.array(step),
  region: z.string(),
  account: z.string().optional(),
  principal: z.string().optional(),
  prefix: z.string(),
  learner: z
    .object({
      nonce: z.string(),
      started: z.string().optional(),
      seenIn: z.string(),
      run: z.string().optional(),
      by: z.string().optional(),
    })
    .optional(),
  problem: problem.optional(),
  at: z.string(),
  durationMs: z.number(),
});
const document = z.object({
  format: z.literal(verificationFormat),
  verification: z.object({
    lab: z.object({ id: z.string() }),
    expect: z.enum(['built', 'finished']),
    probe: z.boolean().default(false),
  }),
  students: z.array(student),
});

/** An earlier report, as far as a verification that goes on needs it. */
export interface EarlierVerification {
  readonly lab: string;
  readonly expect: 'built' | 'finished';
  readonly probe: boolean;
  readonly students: readonly StudentMarks[];
}

/**
 * Reads a report back.
 * @param name its file, for messages
 * @throws {UserError} when it is none, or of another version.
 */
export function readVerification(text: string, name: string): EarlierVerification {
  const json = jsonIn(text);
  const parsed = document.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = json === undefined ? 'it is no JSON' : `${issue?.path.join('.') || 'the document'}: ${issue?.message}`;
    throw new UserError(`${name} is no report of kinesis-labs verify: ${where}.`, {
      hint: 'Name a file that --report json=FILE has written.',
    });
  }
  const { verification, students } = parsed.data;
  // What is absent in JSON is absent, and not there with the value `undefined`.
  const { lab, expect, probe } = verification;
  return { lab: lab.id, expect, probe, students: students as readonly StudentMarks[] };
}
