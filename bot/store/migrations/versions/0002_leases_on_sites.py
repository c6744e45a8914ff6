"""Leases on sites, and the statuses that were found on accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_INSTANT = sa.BigInteger


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.add_column("sites", sa.Column("lease_owner", sa.Text, nullable=False, server_default=""))
    op.add_column("sites", sa.Column("lease_until", _INSTANT))
    op.create_table(
        "statuses",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("link_key", sa.Text, primary_key=True),
        sa.Column("status_id", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
    )
