def upgrade():
    op.add_column(
        "payments", sa.Column("amount_minor", sa.BigInteger(), nullable=True)
    )
    op.execute("UPDATE payments SET amount_minor = round(amount * 100)")
    op.alter_column("payments", "amount_minor", nullable=False)
