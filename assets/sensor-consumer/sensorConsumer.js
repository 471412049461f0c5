// Totals the readings of a batch, and logs whose they are, the total and the average. Lambda delivers the bytes of each record as base64.
exports.handler = async (event) => {
  let total = 0;
  const sensors = new Set();
  for (const { kinesis } of event.Records) {
    const { sensor, reading } = JSON.parse(Buffer.from(kinesis.data, 'base64').toString('utf8'));
    total += reading;
    sensors.add(sensor);
  }
  const count = event.Records.length;
  console.log(`Batch of ${count} readings, from sequence number ${event.Records[0].kinesis.sequenceNumber} on`);
  console.log(`Readings of ${[...sensors].join(', ')}`);
  console.log(`Total reading: ${total.toFixed(1)}`);
  console.log(`Average reading: ${(total / count).toFixed(1)}`);
};
