export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('orders', (table) => {
    table.string('region').notNullable().defaultTo('eu').alter();
    table.index(['customer_id', 'created_at']);
    table.foreign('customer_id').references('customers.id');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('orders', (table) => {
    table.dropForeign(['customer_id']);
    table.dropIndex(['customer_id', 'created_at']);
  });
}
