import { z } from 'zod';

export const shardIdSchema = z.string().regex(/^shardId-\d{12}$/, 'has to be the id of a shard, like shardId-000000000000');
