// Logs the data of each Kinesis record that Lambda hands over. Lambda delivers the bytes as base64.
exports.handler = async (event) => {
  for (const record of event.Records) {
    console.log(Buffer.from(record.kinesis.data, 'base64').toString('utf8'));
  }
};
