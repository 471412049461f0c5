import type { Target } from '@aws-sdk/client-eventbridge';
import type { Scope } from '../cloud.ts';
import { notImplemented, refuseUnsupportedMembers } from '../not-implemented.ts';
import { invalid } from './errors.ts';

/** A target is kept and listed as it was put. */
export type RuleTarget = Target & { readonly Id: string; readonly Arn: string };

const unsupported = [
  'RoleArn',
  'InputTransformer',
  'KinesisParameters',
  'RunCommandParameters',
  'EcsParameters',
  'BatchParameters',
  'SqsParameters',
  'HttpParameters',
  'RedshiftDataParameters',
  'SageMakerPipelineParameters',
  'DeadLetterConfig',
  'RetryPolicy',
  'AppSyncParameters',
];

/**
 * Checks what PutTargets gives. Whether the function exists is not looked at, and neither does AWS.
 * @throws {AwsError} ValidationException; NotImplemented for what the sandbox does not deliver to
 */
export function checkTarget(target: Target, scope: Scope): RuleTarget {
  const { Id = '', Arn = '', Input, InputPath } = target;
  const [arn, partition = '', service = '', region, account, ...resource] = Arn.split(':');
  if (arn !== 'arn' || !partition.startsWith('aws') || service === '' || resource.join('') === '') {
    throw invalid(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  if (service !== 'lambda') throw notImplemented(`A target of events:PutTargets other than a Lambda function (${service})`);
  if (region !== scope.region || account !== scope.account) throw notImplemented('A target in another account or region');
  if (!isFunction(Arn)) throw notImplemented(`A target of events:PutTargets other than a Lambda function (${Arn})`);
  refuseUnsupportedMembers('events:PutTargets', target, unsupported);
  if (Input !== undefined && InputPath !== undefined) {
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  }
  if (Input !== undefined) checkInput(Id, Input);
  // The text is unverified.
  if (InputPath !== undefined && !isInputPath(InputPath)) throw invalid(`Invalid JSON path in InputPath for target ${Id}: ${InputPath}`);
  return { ...target, Id, Arn };
}

/** Whether an ARN is that of a function, of one of its versions, or of an alias. */
function isFunction(arn: string): boolean {
  return /^arn:aws[\w-]*:lambda:[^:]+:\d{12}:function:[\w-]+(:(\$LATEST|[\w-]+))?$/.test(arn);
}

/** AWS names the place where its parser gave up, which need not be the one where this one does. */
function checkInput(id: string, input: string): void {
  try {
    JSON.parse(input);
  } catch (error) {
    const position = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? 0);
    const before = input.slice(0, position).split('\n');
    const place = `line: ${before.length}, column: ${(before.at(-1)?.length ?? 0) + 1}`;
    throw invalid(`JSON syntax error in input for target ${id}: [Source: (String)"${input}"; ${place}]`);
  }
}

function isInputPath(path: string): boolean {
  return /^\$(\.[\w-]+|\[\d+\])*$/.test(path);
}
