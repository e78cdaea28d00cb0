export class JobQueue {
  private queue: Job[] = [];
  private running = false;

  add(job: Job): void {
    this.queue.push(job);
    this.process();
  }

  private async process(): Promise<void> {
    if (this.running) return;
    this.running = true;
    while (this.queue.length) {
      const job = this.queue.shift();
      await job.run();
    }
    this.running = false;
  }
}
