export function startJobs(): void {
  new CronJob('0 3 * * *', async () => {
    const subscriptions = await db.subscriptions.findMany({
      where: { dueOn: today() },
    });
    for (const subscription of subscriptions) {
      await billing.charge(subscription);
      await db.subscriptions.update({
        where: { id: subscription.id },
        data: { dueOn: nextDue(subscription) },
      });
    }
  }).start();
}

startJobs();
