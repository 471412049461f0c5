import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';

const kinesis = new KinesisClient();

// What is kept back to end in good order before Lambda ends the function, in milliseconds.
const reserve = 1000;

// Sends the positions of some devices: as many as the event asks for, or as many as the time allows.
export const handler = async (event, context) => {
  const devices = Array.from({ length: event.devices ?? 3 }, () => randomUUID());
  let sent = 0;
  while (sent < (event.records ?? 10) && context.getRemainingTimeInMillis() > reserve) {
    const id = devices[sent % devices.length];
    const position = { id, run: event.run, latitude: Math.random() * 180 - 90, longitude: Math.random() * 360 - 180 };
    // A record is bytes, and whoever puts records side by side has to see where one ends: hence the line feed.
    const data = Buffer.from(`${JSON.stringify(position)}\n`);
    await kinesis.send(new PutRecordCommand({ StreamName: process.env.STREAM_NAME, PartitionKey: id, Data: data }));
    sent += 1;
    await sleep(Math.random() * (event.pause ?? 100));
  }
  console.log(`run ${event.run}: sent ${sent} records of ${devices.length} devices`);
  return { sent, devices: devices.length };
};
