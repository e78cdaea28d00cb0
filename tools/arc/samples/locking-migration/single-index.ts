exports.up = async function (knex) {
  await knex.schema.table('users', (table) => {
    table.index('email');
  });
  await knex.raw(
    'ALTER TABLE users ADD COLUMN credits integer NOT NULL DEFAULT 0',
  );
};
