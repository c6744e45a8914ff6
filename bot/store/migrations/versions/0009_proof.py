"""What proves that a status is there, or isn't: whose address a post carries, what a listing shows, edits in doubt."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.add_column("accounts", sa.Column("listed", sa.Text, nullable=False, server_default=""))
    op.add_column("followed", sa.Column("in_doubt", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("shares_by_url", "shares", ["url"])
