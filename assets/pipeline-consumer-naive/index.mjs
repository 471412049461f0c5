// Takes for granted that every record is JSON. One that is not makes the whole invocation fail.
export const handler = async ({ Records }) => {
  const readings = Records.map(({ kinesis }) => JSON.parse(Buffer.from(kinesis.data, 'base64').toString()));
  for (const { note } of readings) if (note !== undefined) console.log(`note: ${note}`);
  console.log(`handled ${readings.length} records`);
};
