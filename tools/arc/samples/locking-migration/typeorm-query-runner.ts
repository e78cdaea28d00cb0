export class AddOrderIndexes1768380000000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE "orders" ALTER COLUMN "state" TYPE varchar(32)`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_orders_state" ON "orders" ("state", "created_at")`,
    );
    await queryRunner.query(
      `ALTER TABLE "orders" ADD CONSTRAINT "FK_orders_customer" FOREIGN KEY ("customer_id") REFERENCES "customers"("id")`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE "orders" DROP CONSTRAINT "FK_orders_customer"`,
    );
    await queryRunner.query(`DROP INDEX "IDX_orders_state"`);
  }
}
