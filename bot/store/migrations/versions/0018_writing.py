"""How often in a row, and why, a site could not be told what became of its posts."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.add_column("sites", sa.Column("write_failures", sa.Integer, nullable=False, server_default="0"))
    op.add_column("sites", sa.Column("write_error", sa.Text, nullable=False, server_default=""))
