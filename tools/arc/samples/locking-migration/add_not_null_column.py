def upgrade():
    op.add_column("users", sa.Column("plan", sa.String(32), nullable=False))
    op.create_index("ix_users_plan", "users", ["plan"])


def downgrade():
    op.drop_index("ix_users_plan", table_name="users")
    op.drop_column("users", "plan")
