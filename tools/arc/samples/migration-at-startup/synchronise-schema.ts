export const dataSource = new DataSource({
  type: 'postgres',
  url: process.env.DATABASE_URL,
  entities: [User, Order, Invoice],
  synchronize: true,
  migrationsRun: true,
});

export async function start(): Promise<void> {
  await dataSource.initialize();
  await sequelize.sync({ alter: true });
  await createServer(dataSource).listen(PORT);
}
