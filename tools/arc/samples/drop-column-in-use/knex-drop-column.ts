export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.dropColumn('display_name');
    table.renameColumn('mail', 'email');
  });
  await knex.schema.dropTable('user_preferences');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.string('display_name');
    table.renameColumn('email', 'mail');
  });
}
