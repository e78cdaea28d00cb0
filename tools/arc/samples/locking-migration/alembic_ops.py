revision = "8f2c1d"
down_revision = "71ab0e"


def upgrade():
    op.alter_column(
        "orders",
        "total",
        type_=sa.Numeric(20, 4),
        existing_type=sa.Integer(),
        nullable=False,
    )
    op.create_index(
        "ix_orders_customer", "orders", ["customer_id", "created_at"]
    )
    op.create_foreign_key(
        "fk_orders_customer", "orders", "customers", ["customer_id"], ["id"]
    )
    op.create_check_constraint("ck_orders_total", "orders", "total >= 0")


def downgrade():
    op.drop_constraint("ck_orders_total", "orders")
    op.drop_constraint("fk_orders_customer", "orders")
    op.drop_index("ix_orders_customer", table_name="orders")
