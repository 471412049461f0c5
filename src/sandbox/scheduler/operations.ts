import type { Operations } from '../operation.ts';
import { createSchedule, updateSchedule } from './put-schedule.ts';
import { createScheduleGroup, deleteScheduleGroup, getScheduleGroup, listScheduleGroups } from './schedule-groups.ts';
import { deleteSchedule, getSchedule, listSchedules } from './schedule-operations.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';

/** The operations of EventBridge Scheduler by name, which are all that it has. */
export const operations: Operations<'scheduler'> = {
  CreateSchedule: createSchedule,
  CreateScheduleGroup: createScheduleGroup,
  DeleteSchedule: deleteSchedule,
  DeleteScheduleGroup: deleteScheduleGroup,
  GetSchedule: getSchedule,
  GetScheduleGroup: getScheduleGroup,
  ListScheduleGroups: listScheduleGroups,
  ListSchedules: listSchedules,
  ListTagsForResource: listTagsForResource,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateSchedule: updateSchedule,
};
