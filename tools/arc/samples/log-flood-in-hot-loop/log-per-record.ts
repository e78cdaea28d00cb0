export async function processBatch(records: ReadingRecord[]): Promise<void> {
  for (const record of records) {
    logger.info(`processing record ${JSON.stringify(record)}`);
    const reading = parseReading(record);
    logger.info(`parsed reading ${reading.sensor} = ${reading.value}`);
    if (reading.value > THRESHOLD) {
      logger.warn(`reading ${reading.sensor} is above the threshold`, {
        record,
      });
    }
    buffer.push(reading);
    logger.info(`buffer has ${buffer.length} readings`);
  }
}
