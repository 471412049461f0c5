import { createHash } from 'node:crypto';
import { invalidParameter, notImplemented } from '../error.ts';

export interface Runtime {
  /** `nodejs22.x` */
  readonly id: string;
  readonly language: 'node' | 'python';
  /** `nodejs:22`, `python:3.12`: how INIT_START begins to name it. */
  readonly label: string;
  /** Whether handlers may take a callback: not from Node.js 24 on (Lambda runtimes). */
  readonly callbacks: boolean;
}

const nodeVersions = [20, 22, 24, 26];
const pythonVersions = ['3.9', '3.10', '3.11', '3.12', '3.13', '3.14'];

/** Functions of these can be created (Lambda runtimes; the dates drift, these had not been removed in November 2026). */
const supported: readonly Runtime[] = [...nodeVersions.map(nodeRuntime), ...pythonVersions.map(pythonRuntime)];

/** Of these as well, until February 2027. */
const deprecated: readonly Runtime[] = [...[16, 18].map(nodeRuntime), pythonRuntime('3.8')];

/** In the order in which AWS lists them (recorded in January 2026); what is newer comes after them. */
const recorded = (
  'nodejs20.x python3.14 provided.al2023 python3.12 python3.13 nodejs24.x nodejs22.x java25 python3.10 python3.11 java21 ruby3.3 ' +
  'ruby3.4 ruby3.2 python3.8 python3.9 java17 nodejs16.x dotnet10 dotnet8 java11 dotnet6 nodejs18.x provided.al2 java8.al2'
).split(' ');

function nodeRuntime(version: number): Runtime {
  return { id: `nodejs${version}.x`, language: 'node', label: `nodejs:${version}`, callbacks: version < 24 };
}

function pythonRuntime(version: string): Runtime {
  return { id: `python${version}`, language: 'python', label: `python:${version}`, callbacks: false };
}

const removed = new Set(
  (
    'nodejs nodejs4.3 nodejs4.3-edge nodejs6.10 nodejs8.10 nodejs10.x nodejs12.x nodejs14.x ' +
    'python2.7 python3.6 python3.7 dotnetcore1.0 dotnetcore2.0 dotnetcore2.1 dotnetcore3.1 go1.x ' +
    'java8 ruby2.5 ruby2.7 provided'
  ).split(' '),
);

/** Runtimes of AWS for which there is nothing here that could run them. */
const foreign = new Set(
  (
    'java8.al2 java8.al2023 java11 java11.al2023 java17 java17.al2023 java21 java25 dotnet6 dotnet8 dotnet10 ' +
    'ruby3.2 ruby3.3 ruby3.4 ruby4.0 provided.al2 provided.al2023 python3.15'
  ).split(' '),
);

/** @throws {AwsError} for a runtime that AWS has removed, that the sandbox cannot run, or that does not exist. */
export function runtimeOf(id: string): Runtime {
  const runtime = [...supported, ...deprecated].find((candidate) => candidate.id === id);
  if (runtime !== undefined) return runtime;
  if (removed.has(id)) {
    throw invalidParameter(
      `The runtime parameter of ${id} is no longer supported for creating or updating AWS Lambda functions. ` +
        'We recommend you use a supported runtime while creating or updating functions.',
    );
  }
  if (foreign.has(id)) throw notImplemented(`The runtime ${id}`, ' It runs Node.js and Python functions.');
  const known = [...new Set([...recorded, ...supported.map((candidate) => candidate.id), ...foreign])].join(', ');
  throw invalidParameter(
    `Value ${id} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${known}] or be a valid ARN`,
  );
}

/** Stands for the runtime version that AWS would have picked; the hash says nothing, as on AWS. */
export function runtimeVersionArn(runtime: Runtime, region: string): string {
  return `arn:aws:lambda:${region}::runtime:${createHash('sha256').update(runtime.id).digest('hex')}`;
}
