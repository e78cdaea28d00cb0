def upgrade():
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Integer(), nullable=False),
    )
