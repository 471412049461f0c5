// Puts one reading of each sensor into the stream. EventBridge invokes it on a schedule.
const { KinesisClient, PutRecordCommand } = require('@aws-sdk/client-kinesis');

const kinesis = new KinesisClient();
const sensors = ['sensor-1', 'sensor-2', 'sensor-3', 'sensor-4', 'sensor-5'];

exports.handler = async (event) => {
  // The event says when the schedule was due. Invoked by hand, without such an event, it takes the time of day.
  const time = event.time ?? new Date().toISOString();
  for (const sensor of sensors) {
    const reading = Math.round(Math.random() * 1000) / 10;
    const command = new PutRecordCommand({
      StreamName: process.env.STREAM_NAME,
      PartitionKey: sensor,
      Data: Buffer.from(JSON.stringify({ sensor, reading, time })),
    });
    // One after the other, so that they lie in the stream in this order.
    await kinesis.send(command);
  }
  console.log(`Put ${sensors.length} readings of ${time}.`);
};
