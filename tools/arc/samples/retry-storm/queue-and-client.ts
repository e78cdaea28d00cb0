export const worker = new Worker(
  'settlements',
  async (job) => {
    for (let attempt = 0; attempt < 4; attempt++) {
      try {
        return await withRetries(() => bank.settle(job.data), 5);
      } catch (error) {
        await sleep(2 ** attempt * 1000);
        if (attempt === 3) throw error;
      }
    }
  },
  { connection },
);

export const enqueue = (settlement: Settlement) =>
  queue.add('settle', settlement, {
    attempts: 10,
    backoff: { type: 'exponential', delay: 1000 },
  });
