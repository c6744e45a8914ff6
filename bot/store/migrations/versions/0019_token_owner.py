"""Which process had an account's token last, and when: one that has none stops no other that has it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.add_column("accounts", sa.Column("token_owner", sa.Text, nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("token_at", sa.BigInteger))
