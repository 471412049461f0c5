import { describe, expect, it } from 'vitest';
import { type ApiCall, apiCall } from '../../src/aws/api-call.ts';
import { ApiError, type Aws } from '../../src/aws/aws.ts';
import { createWait } from '../../src/aws/wait.ts';
import { isLeft, type Removal, removed } from '../../src/steps/removal.ts';
import { swiftClock } from '../support/swift-clock.ts';

const read = apiCall('kinesis', 'DescribeStreamSummary', { StreamName: 's' });
const removal: Removal = {
  calls: [{ call: () => apiCall('kinesis', 'DeleteStream', { StreamName: 's' }) }],
  left: { call: read, query: 'StreamDescriptionSummary.StreamName' },
  timeoutMs: 60_000,
};

/** An AWS that answers each operation with what its list has next; the last answer stays. */
function answering(answers: Readonly<Record<string, readonly unknown[]>>) {
  const made: string[] = [];
  const asked = new Map<string, number>();
  const clock = swiftClock();
  const aws: Pick<Aws, 'call'> = {
    async call<Output>(call: ApiCall<Output>): Promise<Output> {
      made.push([call.operation, ...Object.values(call.input).slice(1)].join(' '));
      const nth = asked.get(call.operation) ?? 0;
      asked.set(call.operation, nth + 1);
      const list = answers[call.operation] ?? [];
      const answer = list[Math.min(nth, list.length - 1)];
      if (typeof answer === 'string') throw new ApiError(call, { code: answer, message: answer, status: 400 });
      return answer as Output;
    },
  };
  return { made, context: { aws: aws as Aws, wait: createWait({ clock }) } };
}

const there = { StreamDescriptionSummary: { StreamName: 's' } };

describe('a removal', () => {
  it('makes its calls and waits until nothing is left', async () => {
    const { made, context } = answering({ DeleteStream: [{}], DescribeStreamSummary: [there, there, 'ResourceNotFoundException'] });
    await removed(removal, 'the stream s', context);
    expect(made).toEqual(['DeleteStream', 'DescribeStreamSummary', 'DescribeStreamSummary', 'DescribeStreamSummary']);
  });

  it('counts what is gone already as removed', async () => {
    const { context } = answering({ DeleteStream: ['ResourceNotFoundException'], DescribeStreamSummary: ['ResourceNotFoundException'] });
    await expect(removed(removal, 'the stream s', context)).resolves.toBeUndefined();
  });

  it('tries again while AWS says that it is not the time', async () => {
    const { made, context } = answering({
      DeleteStream: ['ResourceInUseException', 'ResourceInUseException', {}],
      DescribeStreamSummary: ['ResourceNotFoundException'],
    });
    await removed(removal, 'the stream s', context);
    expect(made).toEqual(['DeleteStream', 'DeleteStream', 'DeleteStream', 'DescribeStreamSummary']);
  });

  it('asks again for what came back after it had been removed', async () => {
    const answers = [...Array<unknown>(12).fill(there), 'ResourceNotFoundException'];
    const { made, context } = answering({ DeleteStream: [{}], DescribeStreamSummary: answers });
    await removed(removal, 'the stream s', context);
    const deletions = made.filter((operation) => operation === 'DeleteStream').length;
    expect(deletions).toBeGreaterThan(1);
    expect(deletions).toBeLessThan(answers.length / 2);
  });

  it('gives up when its time is over, and says what it waited for', async () => {
    const { context } = answering({ DeleteStream: [{}], DescribeStreamSummary: [there] });
    await expect(removed(removal, 'the stream s', context)).rejects.toThrow(/^Waited 6\d s for the stream s to be gone, in vain\.$/);
  });

  it('says what AWS said last, when its time never comes', async () => {
    const { context } = answering({ DeleteStream: ['ResourceInUseException'] });
    await expect(removed(removal, 'the stream s', context)).rejects.toThrow('ResourceInUseException');
  });

  it('does not try again what AWS refuses for good', async () => {
    const { made, context } = answering({ DeleteStream: ['AccessDeniedException'], DescribeStreamSummary: [there] });
    await expect(removed(removal, 'the stream s', context)).rejects.toThrow('AccessDenied');
    expect(made).toEqual(['DeleteStream', 'DescribeStreamSummary']);
  });

  it('looks whether it is gone all the same when a call fails', async () => {
    const { made, context } = answering({ DeleteStream: ['InternalFailure'], DescribeStreamSummary: ['ResourceNotFoundException'] });
    await removed(removal, 'the stream s', context);
    expect(made).toEqual(['DeleteStream', 'DescribeStreamSummary']);
  });

  it('makes a call for each thing that a query finds, over all pages', async () => {
    const { made, context } = answering({
      ListRolePolicies: [{ PolicyNames: ['a', 'b'], Marker: 'next' }, { PolicyNames: ['c'] }],
      DeleteRolePolicy: [{}],
      GetRole: ['NoSuchEntityException'],
    });
    const listed = {
      call: apiCall('iam', 'ListRolePolicies', { RoleName: 'r' }),
      query: 'PolicyNames',
      pages: { request: 'Marker', answer: 'Marker' },
    };
    await removed(
      {
        calls: [{ each: listed, call: (policy) => apiCall('iam', 'DeleteRolePolicy', { RoleName: 'r', PolicyName: policy }) }],
        left: { call: apiCall('iam', 'GetRole', { RoleName: 'r' }), query: 'Role.RoleName' },
        timeoutMs: 1_000,
      },
      'the role r',
      context,
    );
    expect(made).toEqual([
      'ListRolePolicies',
      'ListRolePolicies next',
      'DeleteRolePolicy a',
      'DeleteRolePolicy b',
      'DeleteRolePolicy c',
      'GetRole',
    ]);
  });
});

describe('what is left', () => {
  it.each([
    ['a text', { StreamDescriptionSummary: { StreamName: 's' } }, true],
    ['nothing', {}, false],
    ['an empty list', { StreamDescriptionSummary: { StreamName: [] } }, false],
    ['AWS saying that there is none', 'ResourceNotFoundException', false],
  ])('is told from %s', async (_, answer, left) => {
    const { context } = answering({ DescribeStreamSummary: [answer] });
    expect(await isLeft(removal, context.aws)).toBe(left);
  });
});
