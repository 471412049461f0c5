import type { OperationOf } from '../operation.ts';
import { policyDocument } from './constraints.ts';
import { contextKeysOf } from './context-keys.ts';
import { identityDocument, simulatedRole } from './simulation.ts';
import { iamState } from './state.ts';

/** GetContextKeysForCustomPolicy (IAM API reference). */
export const getContextKeysForCustomPolicy: OperationOf<'iam', 'GetContextKeysForCustomPolicy'> = {
  constraints: { PolicyInputList: { required: true, each: policyDocument } },
  resources: () => ['*'],
  handle: ({ PolicyInputList: texts = [] }) => ({ ContextKeyNames: [...contextKeysOf(texts.map(identityDocument))] }),
};

/** GetContextKeysForPrincipalPolicy (IAM API reference). */
export const getContextKeysForPrincipalPolicy: OperationOf<'iam', 'GetContextKeysForPrincipalPolicy'> = {
  constraints: {
    PolicySourceArn: { required: true, maxLength: 2048, minLength: 20 },
    PolicyInputList: { each: policyDocument },
  },
  resources: ({ PolicySourceArn }) => [PolicySourceArn ?? ''],
  handle({ PolicySourceArn, PolicyInputList = [] }, context) {
    const role = simulatedRole(PolicySourceArn ?? '', context);
    const documents = iamState(context.cloud, context.account)
      .policiesOf(role)
      .map(({ document }) => document);
    return { ContextKeyNames: [...contextKeysOf([...documents, ...PolicyInputList.map(identityDocument)])] };
  },
};
