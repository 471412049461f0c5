import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';

const kinesis = new KinesisClient();

// Sends made-up positions and never comes to an end. Lambda has to put an end to it.
export const handler = async () => {
  while (true) {
    const position = { id: randomUUID(), latitude: Math.random() * 180 - 90, longitude: Math.random() * 360 - 180 };
    const answer = await kinesis.send(
      new PutRecordCommand({
        StreamName: process.env.STREAM_NAME,
        PartitionKey: 'geolocation',
        Data: Buffer.from(JSON.stringify(position)),
      }),
    );
    console.log(`put ${position.id} into ${answer.ShardId}`);
    await sleep(Math.random() * 1000);
  }
};
