export async function closeExpired(sessions: Session[]): Promise<void> {
  sessions.forEach(async (session) => {
    await db.delete('sessions', session.id);
    await bus.publish('session.closed', { id: session.id });
  });
  logger.info(`closed ${sessions.length} sessions`);
}
