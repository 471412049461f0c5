/**
 * Handles the readings of a batch in their order. At the first record that it cannot handle it stops, and says which one
 * that is: Lambda then goes on behind the records before it, and sends the others again.
 */
export const handler = async ({ Records }) => {
  const delays = new Map();
  for (const [index, { kinesis }] of Records.entries()) {
    try {
      const { run, note, put } = JSON.parse(Buffer.from(kinesis.data, 'base64').toString());
      if (note !== undefined) console.log(`note: ${note}`);
      if (put !== undefined) delays.set(run, [...(delays.get(run) ?? []), Date.now() - put]);
    } catch (error) {
      logDelays(delays);
      console.log(`handled ${index} of ${Records.length} records; the next one, ${kinesis.sequenceNumber}, is poison: ${error.message}`);
      return { batchItemFailures: [{ itemIdentifier: kinesis.sequenceNumber }] };
    }
  }
  logDelays(delays);
  console.log(`handled ${Records.length} of ${Records.length} records`);
  return { batchItemFailures: [] };
};

/** How long it took from the making of the readings to here, the shortest and the longest time, for each run of the producer. */
function logDelays(delays) {
  for (const [run, all] of delays) {
    console.log(JSON.stringify({ run, records: all.length, delayMs: { least: Math.min(...all), most: Math.max(...all) } }));
  }
}
