import { z } from 'zod';
import { AnswerOf, type ApiCall, apiCall } from '../../aws/api-call.ts';
import { type Aws, orAbsent, orDone } from '../../aws/aws.ts';
import { pages } from '../../aws/pages.ts';
import { allFound } from '../../aws/query.ts';
import { type Advice, advised, cannotBecome } from '../advice.ts';
import { byHand, compared, looked, missing } from '../finding.ts';
import { permits } from '../iam/policy-document.ts';
import {
  addPermission,
  functionPolicy,
  type Permission,
  permissionRef,
  permissionResource,
  removePermission,
} from '../lambda/permission.ts';
import { defineResource } from '../resource.ts';
import { defineStep, type Finding, type Mutation } from '../step.ts';
import { scheduleProblem } from './schedule-expression.ts';

const functionArn = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:([a-zA-Z0-9-_]{1,64})$/;

const schema = z.strictObject({
  name: z
    .string()
    .regex(/^[.\-_A-Za-z0-9]{1,64}$/, 'has to be 1 to 64 letters, digits, . - and _')
    .describe('Name of the rule.'),
  schedule: z
    .string()
    .superRefine((expression, context) => {
      const message = scheduleProblem(expression);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .describe('When the rule fires: rate(1 minute), or cron(…) with its six fields, in UTC.'),
  function: z.string().regex(functionArn, 'has to be the ARN of a function').describe('ARN of the function that is invoked.'),
});
type Input = z.output<typeof schema>;

const describeRule = ({ name }: Pick<Input, 'name'>) => apiCall('events', 'DescribeRule', { Name: name });
const putRule = ({ name, schedule }: Input) => apiCall('events', 'PutRule', { Name: name, ScheduleExpression: schedule });
const enableRule = ({ name }: Input) => apiCall('events', 'EnableRule', { Name: name });
const listTargets = ({ name }: Pick<Input, 'name'>) => apiCall('events', 'ListTargetsByRule', { Rule: name });
const putTargets = (input: Input) =>
  apiCall('events', 'PutTargets', { Rule: input.name, Targets: [{ Id: targetId(input), Arn: input.function }] });
const removeTarget = ({ name }: Pick<Input, 'name'>, id: string) => apiCall('events', 'RemoveTargets', { Rule: name, Ids: [id] });

const token = { request: 'NextToken', answer: 'NextToken' } as const;

/** A rule can be deleted only when it has no targets (EventBridge, as recorded). */
const ruleResource = defineResource({
  type: 'events:rule',
  noun: 'rule',
  all: { call: apiCall('events', 'ListRules', {}), query: 'Rules[].Name', pages: token },
  tags: (name) => ({
    call: apiCall('events', 'ListTagsForResource', { ResourceARN: new AnswerOf(describeRule({ name }), 'Arn') }),
    query: 'Tags',
  }),
  async brings(name, { aws }) {
    const arns = await allFound(aws, { call: listTargets({ name }), query: 'Targets[].Arn', pages: token });
    return arns.map((arn) => permissionRef({ function: String(arn), id: statementId(name) }));
  },
  removal: (name) => ({
    calls: [
      { each: { call: listTargets({ name }), query: 'Targets[].Id', pages: token }, call: (id) => removeTarget({ name }, id) },
      { call: () => apiCall('events', 'DeleteRule', { Name: name }) },
    ],
    left: { call: describeRule({ name }), query: 'Name' },
    timeoutMs: 60_000,
  }),
});

export const schedule = defineStep({
  summary: 'Makes an EventBridge rule invoke a Lambda function on a schedule, and lets it.',
  input: schema,
  outputs: {
    arn: {
      what: 'ARN of the rule',
      example: 'arn:aws:events:us-east-1:123456789012:rule/every-minute',
      call: describeRule,
      query: 'Arn',
    },
    name: { what: 'name of the rule', example: 'every-minute', call: describeRule, query: 'Name' },
  },
  examples: [
    {
      name: 'every-minute',
      schedule: 'rate(1 minute)',
      function: 'arn:aws:lambda:us-east-1:123456789012:function:kinesisEventLogger',
    },
    {
      name: 'every.weekday_at-noon',
      schedule: 'cron(0 12 ? * MON-FRI *)',
      function: 'arn:aws:lambda:us-east-1:123456789012:function:kinesisEventLogger',
    },
  ],
  resources: [ruleResource, permissionResource],
  owns: (input) => [{ type: ruleResource.type, id: input.name }, permissionRef(permission(input))],
  explain: (input) => [putRule(input), addPermission(permission(input)), putTargets(input), describeRule(input)],
  shows: describeRule,
  async apply(input, { aws }) {
    const rule = await orAbsent(aws.call(describeRule(input)));
    let arn = rule?.Arn ?? '';
    if (rule?.ScheduleExpression !== input.schedule) arn = (await advised(aws.call(putRule(input)), advice(input))).RuleArn ?? '';
    if (rule !== undefined && rule.State !== 'ENABLED') await aws.call(enableRule(input));
    const policy = await functionPolicy(aws, input.function);
    if (!mayInvoke(policy, arn)) {
      const ours = permission(input);
      // A statement of that name which lets something else in cannot be changed, only replaced.
      if (hasStatement(policy, ours.id)) await orAbsent(aws.call(removePermission(ours)));
      await advised(orDone(aws.call(addPermission(ours))), advice(input));
    }
    if (!(await targets(input, aws)).includes(input.function)) await putTarget(input, aws);
  },
  async check(input, { aws }) {
    const { name } = input;
    const rule = await orAbsent(aws.call(describeRule(input)));
    if (rule === undefined) return [missing(`rule ${name}`, 'a rule', 'there is none', `Create it: ${byHand(putRule(input))}`)];
    return [
      compared(`schedule of ${name}`, input.schedule, rule.ScheduleExpression, `Put the rule again: ${byHand(putRule(input))}`),
      compared(`state of ${name}`, 'ENABLED', rule.State, `A rule that is disabled never fires. Enable it: ${byHand(enableRule(input))}`),
      targetFinding(input, await targets(input, aws)),
      permissionFinding(input, rule.Arn ?? '', await functionPolicy(aws, input.function)),
    ];
  },
  mutations: otherwise,
});

/** For people. Calls take the ARN as it is. */
function functionName({ function: arn }: Input): string {
  return functionArn.exec(arn)?.[1] ?? arn;
}

function targetId({ name }: Pick<Input, 'name'>): string {
  return name;
}

/** The name of a rule may have dots in it, the id of a statement may not. */
function statementId(rule: string): string {
  return `events-${rule.replaceAll('.', '_')}`;
}

function permission(input: Input): Permission {
  return {
    function: input.function,
    id: statementId(input.name),
    service: 'events.amazonaws.com',
    source: new AnswerOf(describeRule(input), 'Arn'),
  };
}

function mayInvoke(policy: unknown, ruleArn: string): boolean {
  return permits(policy, { service: 'events.amazonaws.com', action: 'lambda:InvokeFunction', source: ruleArn });
}

function hasStatement(policy: unknown, id: string): boolean {
  const { Statement = [] } = (policy ?? {}) as { readonly Statement?: readonly { readonly Sid?: string }[] };
  return Statement.some(({ Sid }) => Sid === id);
}

async function targets(input: Input, aws: Aws): Promise<readonly string[]> {
  const arns: string[] = [];
  for await (const page of pages(aws, listTargets(input), token)) for (const { Arn } of page.Targets ?? []) if (Arn) arns.push(Arn);
  return arns;
}

/** EventBridge answers 200 to targets that it does not take, and says so in the answer. */
async function putTarget(input: Input, aws: Aws): Promise<void> {
  const call = putTargets(input);
  const { FailedEntries = [] } = await aws.call(call);
  const [entry] = FailedEntries;
  if (entry === undefined) return;
  throw cannotBecome(
    `EventBridge did not take the function ${functionName(input)} as a target of ${input.name}: ${entry.ErrorCode}: ${entry.ErrorMessage}`,
    `Look at the function, and try it by hand: ${byHand(call)}`,
  );
}

function targetFinding(input: Input, arns: readonly string[]): Finding {
  const hint = `A rule without its target fires and does nothing. Put the target: ${byHand(putTargets(input))}`;
  const observed = arns.length === 0 ? 'it has none' : arns.join(', ');
  return looked(`targets of ${input.name}`, arns.includes(input.function), input.function, observed, hint);
}

function permissionFinding(input: Input, ruleArn: string, policy: unknown): Finding {
  const ok = mayInvoke(policy, ruleArn);
  const add = addPermission({ ...permission(input), source: ruleArn });
  const statement = 'a statement that lets events.amazonaws.com invoke it for this rule';
  const hint = `Without it the rule fires, nothing is invoked, and nobody is told; only the metric FailedInvocations counts it. Add it: ${byHand(add)}`;
  return looked(`policy of ${functionName(input)}`, ok, statement, ok ? statement : 'no such statement', hint);
}

/** What EventBridge and Lambda refuse, and what to do (EventBridge, as recorded). */
function advice(input: Input): readonly Advice[] {
  return [
    {
      code: 'ValidationException',
      text: 'ScheduleExpression',
      hint: `Look at the schedule ${input.schedule}: a field of a cron expression is out of its range, or holds what it cannot.`,
    },
    { code: 'ResourceNotFoundException', text: 'Function not found', hint: `Create the function ${functionName(input)} first.` },
  ];
}

function otherwise(input: Input): readonly Mutation[] {
  const { name } = input;
  const afterwards = (what: string, ...calls: readonly ApiCall[]): Mutation => ({
    name: what,
    when: 'afterwards',
    async apply({ aws }) {
      for (const call of calls) await aws.call(call);
    },
  });
  return [
    afterwards(`the rule ${name} is disabled`, apiCall('events', 'DisableRule', { Name: name })),
    afterwards(
      `the schedule of ${name} is changed`,
      putRule({ ...input, schedule: input.schedule === 'rate(1 day)' ? 'rate(2 days)' : 'rate(1 day)' }),
    ),
    afterwards(`the target of ${name} is removed`, removeTarget(input, targetId(input))),
    {
      name: `the target of ${name} lets another rule in instead`,
      when: 'afterwards',
      async apply({ aws }) {
        const ours = permission(input);
        const { Arn = '' } = await aws.call(describeRule(input));
        await aws.call(removePermission(ours));
        await aws.call(addPermission({ ...ours, source: `${Arn}-other` }));
      },
    },
  ];
}
