import { commonJs } from './commonjs.ts';

/**
 * The AWS SDK packages that the program is built on, by the name that the AWS CLI has for each service. Both sides use
 * this table: labs call the services through the clients, the sandbox reads the wire formats off the same packages.
 * A package is loaded when it is first needed (the first one costs 50 ms, each other one 10 to 20). A new service is one
 * line in each of the two tables.
 */
interface ServiceModules {
  readonly kinesis: typeof import('@aws-sdk/client-kinesis');
  readonly lambda: typeof import('@aws-sdk/client-lambda');
  readonly iam: typeof import('@aws-sdk/client-iam');
  readonly sts: typeof import('@aws-sdk/client-sts');
  readonly logs: typeof import('@aws-sdk/client-cloudwatch-logs');
  readonly sqs: typeof import('@aws-sdk/client-sqs');
  readonly s3: typeof import('@aws-sdk/client-s3');
  readonly firehose: typeof import('@aws-sdk/client-firehose');
  readonly events: typeof import('@aws-sdk/client-eventbridge');
  readonly scheduler: typeof import('@aws-sdk/client-scheduler');
}

export type ServiceName = keyof ServiceModules;

interface SdkPackage<Name extends ServiceName> {
  /** The name of the client class that the package exports. */
  readonly client: keyof ServiceModules[Name] & `${string}Client`;
  load(): ServiceModules[Name];
}

export const sdk: { readonly [Name in ServiceName]: SdkPackage<Name> } = {
  kinesis: { client: 'KinesisClient', load: () => commonJs('@aws-sdk/client-kinesis') },
  lambda: { client: 'LambdaClient', load: () => commonJs('@aws-sdk/client-lambda') },
  iam: { client: 'IAMClient', load: () => commonJs('@aws-sdk/client-iam') },
  sts: { client: 'STSClient', load: () => commonJs('@aws-sdk/client-sts') },
  logs: { client: 'CloudWatchLogsClient', load: () => commonJs('@aws-sdk/client-cloudwatch-logs') },
  sqs: { client: 'SQSClient', load: () => commonJs('@aws-sdk/client-sqs') },
  s3: { client: 'S3Client', load: () => commonJs('@aws-sdk/client-s3') },
  firehose: { client: 'FirehoseClient', load: () => commonJs('@aws-sdk/client-firehose') },
  events: { client: 'EventBridgeClient', load: () => commonJs('@aws-sdk/client-eventbridge') },
  scheduler: { client: 'SchedulerClient', load: () => commonJs('@aws-sdk/client-scheduler') },
};

export const serviceNames = Object.keys(sdk) as ServiceName[];

/** What the SDK's command classes have in common, as far as types can be read off them. */
type CommandClass<Input, Output> = new (
  ...args: never[]
) => { readonly input: Input; resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ output: Output }> };

/** The operations of a service, by the names that the AWS documentation has for them: `CreateStream`. */
export type OperationName<Service extends ServiceName> = {
  [Key in keyof ServiceModules[Service]]: Key extends `${infer Operation}Command` ? Operation : never;
}[keyof ServiceModules[Service]];

type Command<Service extends ServiceName, Operation extends OperationName<Service>> = ServiceModules[Service][`${Operation}Command` &
  keyof ServiceModules[Service]];

/** What the SDK takes as the input of an operation. */
export type InputOf<Service extends ServiceName, Operation extends OperationName<Service>> =
  Command<Service, Operation> extends CommandClass<infer Input, infer _> ? Input : never;

/** What the SDK answers, without the `$metadata` that it adds, and with bytes where it has a stream of them. */
export type OutputOf<Service extends ServiceName, Operation extends OperationName<Service>> =
  Command<Service, Operation> extends CommandClass<infer _, infer Output> ? WithBytes<Omit<Output, '$metadata'>> : never;

/** What an answer has in place of a body that is read as it comes: `Body` of S3's GetObject. */
interface Streamed {
  transformToByteArray(): Promise<Uint8Array>;
}

type WithBytes<Output> = {
  [Member in keyof Output]: Extract<Output[Member], Streamed> extends never
    ? Output[Member]
    : Exclude<Output[Member], Streamed> | Uint8Array;
};
