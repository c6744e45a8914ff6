"""What is to be written back to sites, and since when."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.add_column("sites", sa.Column("write_back_since", sa.BigInteger))
    op.add_column("shares", sa.Column("write_due_at", sa.BigInteger))
    op.add_column("shares", sa.Column("write_failures", sa.Integer, nullable=False, server_default="0"))
    op.create_index("shares_to_write", "shares", ["site", "write_due_at"])
