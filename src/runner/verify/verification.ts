import type { Finding } from '../../steps/step.ts';
import type { Problem } from '../event.ts';

/** What a lab is expected to be in: everything stands and works, or it was done and what it made is gone but for the logs. */
export type Expectation = 'built' | 'finished';

/**
 * How a step, or all of a student's work, stands. `absent` is there where nothing is that could be looked at, `unchecked` where
 * nobody could look: it says nothing about the student, and its points are neither earned nor lost. `left-out` is what
 * nobody can see from outside (an answer, a command), or not any more: its points do not count.
 */
export type MarkState = 'met' | 'not-met' | 'absent' | 'unchecked' | 'left-out';

/** Points, which may be parts of one: hundredths. */
export interface Points {
  readonly earned: number;
  /** Of everything that counts, what could not be checked included. */
  readonly possible: number;
  /** Of `possible`, those of steps that could not be checked. */
  readonly unchecked: number;
}

/** What the findings of a step rest on. */
export interface Evidence {
  /** What AWS said there is. */
  readonly resources: readonly ResourceEvidence[];
  /** The calls that were answered, by which AWS itself can find them again (CloudTrail). */
  readonly calls: readonly CallEvidence[];
  /** Of a step that probes, and has put its record. */
  readonly probe?: ProbeEvidence;
}

/** A record that was put to see whether it gets into the log, and what became of it. */
export interface ProbeEvidence {
  /** Unique to this record, and part of it. */
  readonly nonce: string;
  /** The name of the stream. */
  readonly stream: string;
  /** ISO 8601: when it was put. */
  readonly put: string;
  /** Where it is; absent where AWS's answer was lost. */
  readonly shard?: string;
  readonly sequenceNumber?: string;
  /** The event of the log that shows it; absent where none does. `at` is ISO 8601. */
  readonly event?: { readonly group: string; readonly logStream: string; readonly at: string; readonly message: string };
}

export interface ResourceEvidence {
  readonly arn: string;
  /** ISO 8601: when it was made, as AWS says; of a log, when its first line was written. */
  readonly created?: string;
  /** ISO 8601: when it was last changed, for what AWS says no other time of. */
  readonly changed?: string;
}

export interface CallEvidence {
  /** `kinesis:DescribeStream` */
  readonly call: string;
  readonly requestId?: string;
  /** ISO 8601. */
  readonly at: string;
  /** AWS's own text, where it answered with an error. */
  readonly error?: string;
}

export interface StepMark {
  readonly id: string;
  readonly heading: string;
  readonly uses: string;
  readonly state: MarkState;
  /** `earned` is a part of `possible`: as many findings as are met. */
  readonly points: Pick<Points, 'earned' | 'possible'>;
  /** What was looked at; empty where nothing could be. */
  readonly findings: readonly Finding[];
  /** Why there are no findings, or why they count for nothing. */
  readonly problem?: Problem;
  /** What the lab itself says to whoever does not get through. */
  readonly hint?: string;
  readonly evidence: Evidence;
}

/** How the run of a student was recognised: what is unique to it, and where that stood. */
export interface LearnerTrace {
  readonly nonce: string;
  /** ISO 8601. */
  readonly started?: string;
  /** `the tags of the stream lambda-cli-stream`, `the log /aws/lambda/kinesisEventLogger` */
  readonly seenIn: string;
  /** The id of the run, where resources carry its tags. */
  readonly run?: string;
  /** Whose credentials it was done with, where tags say so: 16 hexadecimal digits, the same for the same principal. */
  readonly by?: string;
}

/** What looking at one account has come to. */
export interface AccountMarks {
  readonly state: Exclude<MarkState, 'left-out'>;
  readonly points: Points;
  /** In the order of the lab. */
  readonly steps: readonly StepMark[];
  readonly region: string;
  /** Twelve digits; absent where nobody could say. */
  readonly account?: string;
  /** ARN of whoever has looked. */
  readonly principal?: string;
  /** What stands in front of the names of the resources. */
  readonly prefix: string;
  readonly learner?: LearnerTrace;
  /** Why nothing, or not everything, could be looked at. */
  readonly problem?: Problem;
  /** ISO 8601. */
  readonly at: string;
  readonly durationMs: number;
}

/** One student of a class. */
export interface StudentMarks extends AccountMarks {
  readonly student: string;
  /** The columns of the roster that this program does not know, as they were. */
  readonly columns: Readonly<Record<string, string>>;
}

/** Something that several students have in common and should not: to be looked at, which is no judgement. */
export interface Likeness {
  readonly kind: 'account' | 'nonce' | 'principal';
  /** What is the same. */
  readonly value: string;
  readonly students: readonly string[];
}

/** What is known of a verification before anything was looked at. */
export interface VerificationStart {
  readonly lab: { readonly id: string; readonly title: string; readonly file: string };
  readonly expect: Expectation;
  /** Whether a record was put into each stream, to see whether what reads it works. */
  readonly probe: boolean;
  /** ISO 8601. */
  readonly started: string;
  /** `aws`, or the URL of an endpoint. */
  readonly target: string;
  /** Whether a class was looked at, or one account. */
  readonly roster: boolean;
}

/** What all of it has come to. */
export interface VerificationEnd {
  /** How many students are in each state. */
  readonly states: Readonly<Record<AccountMarks['state'], number>>;
  /** How many students were looked at, or could not be. */
  readonly students: number;
  /** Of each step of the lab: how many students are in each state. */
  readonly steps: readonly { readonly id: string; readonly heading: string; readonly states: Readonly<Record<MarkState, number>> }[];
  readonly alike: readonly Likeness[];
  /** Set when it was ended before everybody had been looked at. */
  readonly interrupted: boolean;
  readonly durationMs: number;
}

/**
 * A verification as reports are made of it. A class may be large, so its students are handed out one after the other, in the
 * order of the roster, as often as they are asked for.
 */
export interface Verification {
  readonly start: VerificationStart;
  readonly end: VerificationEnd;
  students(): Iterable<StudentMarks>;
}
