revision = "c91d44"
down_revision = "b80a17"


def upgrade():
    with op.batch_alter_table("users") as batch:
        batch.drop_column("display_name")
        batch.alter_column("mail", new_column_name="email")
    op.drop_column("orders", "legacy_total")
    op.rename_table("order_lines", "order_items")


def downgrade():
    op.rename_table("order_items", "order_lines")
    op.add_column("orders", sa.Column("legacy_total", sa.Integer()))
