export class RemoveLegacyColumns1768466400000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropColumn('invoices', 'legacy_number');
    await queryRunner.renameColumn('invoices', 'total', 'total_minor');
    await queryRunner.query('ALTER TABLE invoices DROP COLUMN currency_code');
    await queryRunner.query(
      'ALTER TABLE invoice_lines RENAME TO invoice_items',
    );
  }
}
