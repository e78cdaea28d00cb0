const pending: AuditEvent[] = [];
let draining = false;

export function record(event: AuditEvent): void {
  pending.push(event);
  if (!draining) void drain();
}

async function drain(): Promise<void> {
  draining = true;
  while (pending.length > 0) {
    const event = pending.shift()!;
    await store.insert(event);
  }
  draining = false;
}
