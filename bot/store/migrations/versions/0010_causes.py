"""What needs a person, until its end was told."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.create_table(
        "causes",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("told_at", sa.BigInteger),
        sa.Column("gone_at", sa.BigInteger),
        sa.Column("claimed_at", sa.BigInteger),
    )
