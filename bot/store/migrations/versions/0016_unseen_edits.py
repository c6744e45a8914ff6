"""How often in a row, and why, a shared post couldn't be looked at again."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.add_column("followed", sa.Column("unread", sa.Integer, nullable=False, server_default="0"))
    op.add_column("followed", sa.Column("error", sa.Text, nullable=False, server_default=""))
    failing = sa.text("error <> ''")
    op.create_index("followed_failing", "followed", ["error"], sqlite_where=failing, postgresql_where=failing)
