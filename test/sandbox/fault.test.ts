import { describe, expect, it } from 'vitest';
import { faultText, parseFault } from '../../src/sandbox/fault.ts';
import { checkOperations } from '../../src/sandbox/fault-check.ts';
import { UserError } from '../../src/util/user-error.ts';

function problem(text: string): { readonly message: string; readonly hint: string | undefined } {
  try {
    parseFault(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { message: error.message, hint: error.hint };
  }
  throw new Error(`"${text}" was understood.`);
}

describe('a fault as it is written', () => {
  it.each([
    ['kinesis:PutRecord=throttle', { kind: 'throttle', call: 'kinesis:PutRecord' }],
    ['lambda:CreateFunction=cut-after', { kind: 'cut-after', call: 'lambda:CreateFunction' }],
    ['iam:*=error,for=10s', { kind: 'error', call: 'iam:*', forMs: 10_000 }],
    ['*=cut-before,times=3,after=2', { kind: 'cut-before', call: '*', times: 3, after: 2 }],
    ['*:List*=1.5s', { kind: 'slow', call: '*:List*', ms: 1_500 }],
    ['kinesis:GetRecords=expired-iterator', { kind: 'expired-iterator', call: 'kinesis:GetRecords' }],
    ['logs:FilterLogEvents=empty-page,times=4', { kind: 'empty-page', call: 'logs:FilterLogEvents', times: 4 }],
    ['*=throttle,times=9,account=123456789012', { kind: 'throttle', call: '*', times: 9, account: '123456789012' }],
    ['stream-create=30s', { kind: 'slow-thing', thing: 'streamCreate', ms: 30_000 }],
    ['mapping-transition=2m,times=1', { kind: 'slow-thing', thing: 'mappingTransition', ms: 120_000, times: 1 }],
    ['role-propagation=250ms', { kind: 'slow-thing', thing: 'rolePropagation', ms: 250 }],
  ])('%s is read, and can be written again', (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
    expect(parseFault(faultText(parseFault(text)))).toEqual(fault);
  });

  it.each([
    ['throttle', 'it is not of the form WHERE=WHAT', 'For example: kinesis:PutRecord=throttle,times=3'],
    ['kinesis:PutRecord=trottle', 'a call cannot do "trottle"', 'Did you mean "throttle"? There is: throttle, error, cut-before,'],
    ['kinesys:PutRecord=throttle', 'there is no service "kinesys"', 'Did you mean "kinesis"?'],
    ['stream-creation=3s', '"stream-creation" is neither a call nor something that can be slow', 'There is: stream-create, stream-update,'],
    ['stream-create=throttle', 'stream-create takes a time, and "throttle" is none', 'A time is written 500ms, 10s, 2m or 1h'],
    ['stream-create=25h', 'stream-create takes a time, and "25h" is none', 'is no longer than a day'],
    ['kinesis:PutRecord=5', '"5" is no time', 'A time is written'],
    ['kinesis:PutRecord=empty-page', '"empty-page" is for logs:FilterLogEvents and logs:GetLogEvents only', 'For example'],
    ['kinesis:PutRecord=error,times=0', 'times= takes a whole number from 1 on, and got "0"', 'For example'],
    ['kinesis:PutRecord=error,for=ever', 'for= takes a time, and "ever" is none', 'A time is written'],
    ['kinesis:PutRecord=error,often', '"often" is not known', 'times=3, after=2, for=10s and account=123456789012'],
    ['kinesis:PutRecord=error,account=1234', 'account= takes twelve digits, and got "1234"', 'For example'],
    ['stream-create=3s,account=123456789012', 'account= is for calls, and this is none', 'For example'],
  ])('%s is refused with what was seen and what there is', (text, why, hint) => {
    expect(problem(text)).toEqual({
      message: `The fault "${text}" is not understood: ${why}.`,
      hint: expect.stringContaining(hint),
    });
  });

  it('is refused when the sandbox has no such operation, because nothing would ever meet it', async () => {
    const checking = checkOperations([parseFault('kinesis:PutRecrod=throttle,times=2')]);
    await expect(checking).rejects.toThrow(
      'The fault "kinesis:PutRecrod=throttle,times=2" can never happen: the sandbox has no operation PutRecrod of kinesis.',
    );
    await expect(checking).rejects.toMatchObject({ hint: 'Did you mean "PutRecord"?' });
    await checkOperations([parseFault('kinesis:Put*=throttle'), parseFault('*:Nothing=throttle'), parseFault('stream-create=1s')]);
  });
});
