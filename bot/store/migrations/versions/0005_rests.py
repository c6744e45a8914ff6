"""Sites and accounts that a person lets rest."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    for table in ("sites", "accounts"):
        op.add_column(table, sa.Column("rests_until", sa.BigInteger))
