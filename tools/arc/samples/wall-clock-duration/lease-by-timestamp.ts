export class Lease {
  private renewedAt = 0;

  async renew(): Promise<void> {
    await this.store.write(this.name, {
      holder: this.id,
      until: Date.now() + LEASE_MS,
    });
    this.renewedAt = Date.now();
  }

  isHeld(): boolean {
    return Date.now() - this.renewedAt < LEASE_MS;
  }

  async tryTake(): Promise<boolean> {
    const current = await this.store.read(this.name);
    if (current && current.until > Date.now()) return false;
    await this.renew();
    return true;
  }
}
