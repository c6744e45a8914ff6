"""What a person asked for of a share, rather than only whether somebody did."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.add_column("shares", sa.Column("asked", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE shares SET asked = 'named' WHERE by_hand")
    op.drop_column("shares", "by_hand")
