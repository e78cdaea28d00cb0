async function main(): Promise<void> {
  const db = drizzle(new Pool({ connectionString: process.env.DATABASE_URL }));
  await migrate(db, { migrationsFolder: './migrations' });
  const app = createApp(db);
  app.listen(PORT, () => console.log(`listening on ${PORT}`));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
