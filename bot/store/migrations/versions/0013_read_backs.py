"""How far adopting came, so that it goes on there."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.create_table(
        "read_backs",
        sa.Column("site", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("newest", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
    )
