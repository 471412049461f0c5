import type { Operations } from '../operation.ts';
import { createFunction } from './functions/create-function.ts';
import { deleteFunction } from './functions/delete-function.ts';
import { getAccountSettings } from './functions/get-account-settings.ts';
import { getFunction } from './functions/get-function.ts';
import { getFunctionConfiguration } from './functions/get-function-configuration.ts';
import { invoke } from './functions/invoke.ts';
import { listFunctions } from './functions/list-functions.ts';
import { deleteFunctionConcurrency, getFunctionConcurrency, putFunctionConcurrency } from './functions/reserved-concurrency.ts';
import { listTags, tagResource, untagResource } from './functions/resource-tags.ts';
import { updateFunctionCode } from './functions/update-function-code.ts';
import { updateFunctionConfiguration } from './functions/update-function-configuration.ts';

/** The operations of the service by name. */
export const operations: Operations<'lambda'> = {
  CreateFunction: createFunction,
  DeleteFunction: deleteFunction,
  DeleteFunctionConcurrency: deleteFunctionConcurrency,
  GetAccountSettings: getAccountSettings,
  GetFunction: getFunction,
  GetFunctionConcurrency: getFunctionConcurrency,
  GetFunctionConfiguration: getFunctionConfiguration,
  Invoke: invoke,
  ListFunctions: listFunctions,
  ListTags: listTags,
  PutFunctionConcurrency: putFunctionConcurrency,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateFunctionCode: updateFunctionCode,
  UpdateFunctionConfiguration: updateFunctionConfiguration,
};
