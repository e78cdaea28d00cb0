export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) =>
    table.string('email_normalised').nullable(),
  );
  await knex('users').update({
    email_normalised: knex.raw('lower(trim(email))'),
  });
  await knex.raw(
    'UPDATE orders SET region = customers.region FROM customers WHERE customers.id = orders.customer_id',
  );
  await knex.schema.alterTable('users', (table) =>
    table.dropNullable('email_normalised'),
  );
}
