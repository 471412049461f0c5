import type { Operations } from '../operation.ts';
import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from './functions/aliases.ts';
import { createFunction } from './functions/create-function.ts';
import { deleteFunction } from './functions/delete-function.ts';
import { getAccountSettings } from './functions/get-account-settings.ts';
import { getFunction } from './functions/get-function.ts';
import { getFunctionConfiguration } from './functions/get-function-configuration.ts';
import { invoke } from './functions/invoke.ts';
import { listFunctions } from './functions/list-functions.ts';
import { addPermission, getPolicy, removePermission } from './functions/permissions.ts';
import { deleteFunctionConcurrency, getFunctionConcurrency, putFunctionConcurrency } from './functions/reserved-concurrency.ts';
import { updateFunctionCode } from './functions/update-function-code.ts';
import { updateFunctionConfiguration } from './functions/update-function-configuration.ts';
import { listVersionsByFunction, publishVersion } from './functions/versions.ts';
import { createEventSourceMapping } from './mappings/create-event-source-mapping.ts';
import { deleteEventSourceMapping } from './mappings/delete-event-source-mapping.ts';
import { getEventSourceMapping } from './mappings/get-event-source-mapping.ts';
import { listEventSourceMappings } from './mappings/list-event-source-mappings.ts';
import { updateEventSourceMapping } from './mappings/update-event-source-mapping.ts';
import { listTags, tagResource, untagResource } from './resource-tags.ts';

/** The operations of the service by name. */
export const operations: Operations<'lambda'> = {
  AddPermission: addPermission,
  CreateAlias: createAlias,
  CreateEventSourceMapping: createEventSourceMapping,
  CreateFunction: createFunction,
  DeleteAlias: deleteAlias,
  DeleteEventSourceMapping: deleteEventSourceMapping,
  DeleteFunction: deleteFunction,
  DeleteFunctionConcurrency: deleteFunctionConcurrency,
  GetAccountSettings: getAccountSettings,
  GetAlias: getAlias,
  GetEventSourceMapping: getEventSourceMapping,
  GetFunction: getFunction,
  GetFunctionConcurrency: getFunctionConcurrency,
  GetFunctionConfiguration: getFunctionConfiguration,
  GetPolicy: getPolicy,
  Invoke: invoke,
  ListAliases: listAliases,
  ListEventSourceMappings: listEventSourceMappings,
  ListFunctions: listFunctions,
  ListTags: listTags,
  ListVersionsByFunction: listVersionsByFunction,
  PublishVersion: publishVersion,
  PutFunctionConcurrency: putFunctionConcurrency,
  RemovePermission: removePermission,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateAlias: updateAlias,
  UpdateEventSourceMapping: updateEventSourceMapping,
  UpdateFunctionCode: updateFunctionCode,
  UpdateFunctionConfiguration: updateFunctionConfiguration,
};
