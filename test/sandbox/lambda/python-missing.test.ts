import { describe, expect, it } from 'vitest';
import { withVariables } from '../../support/environment.ts';
import { failureOf } from '../../support/failure.ts';
import { lambdaSandbox } from '../../support/lambda.ts';

const lambda = lambdaSandbox();

describe('A Python function on a machine without python3', () => {
  it('cannot be invoked, and the answer says what to do; a Node.js function can', () =>
    withVariables({ PATH: '/nowhere' }, async () => {
      const name = await lambda.deploy({ 'index.py': 'def handler(event, context): return 1' }, { Runtime: 'python3.13' });
      expect(await failureOf(lambda.invoke(name))).toEqual({
        name: 'InvalidRuntimeException',
        message:
          'The runtime python3.13 needs Python on this machine, and there is no python3 on the PATH. Install Python 3, or use a Node.js runtime.',
      });
      expect((await lambda.run('exports.handler = async () => 1;')).answer).toBe(1);
    }));
});
