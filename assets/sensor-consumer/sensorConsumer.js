// Totals the readings of a batch, and logs the total and the average. Lambda delivers the bytes of each record as base64.
exports.handler = async (event) => {
  let total = 0;
  for (const { kinesis } of event.Records) {
    const { reading } = JSON.parse(Buffer.from(kinesis.data, 'base64').toString('utf8'));
    total += reading;
  }
  const count = event.Records.length;
  console.log(`Batch of ${count} readings, from sequence number ${event.Records[0].kinesis.sequenceNumber} on`);
  console.log(`Total reading: ${total.toFixed(1)}`);
  console.log(`Average reading: ${(total / count).toFixed(1)}`);
};
