// Prints how many records a batch has, and what they hold. A record that is no JSON is reported, and does not stop the others.
export const handler = async (event) => {
  const data = [];
  for (const { kinesis } of event.Records) {
    const text = Buffer.from(kinesis.data, 'base64').toString('utf8');
    try {
      data.push(JSON.parse(text));
    } catch {
      console.warn(`record ${kinesis.sequenceNumber} is no JSON and is left out`);
    }
  }
  console.log(JSON.stringify({ count: String(data.length), data }));
};
