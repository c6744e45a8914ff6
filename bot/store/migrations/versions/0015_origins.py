"""Under which origin of the store an account was read last, and before when a share may be there unseen."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.add_column("accounts", sa.Column("origin", sa.Text, nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("unproven_before", sa.BigInteger, nullable=True))
