"""To find the few that something went wrong with, every share that waits was read, each few seconds."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    erring = sa.text("state = 'pending' AND error <> ''")
    columns = ["state", "created_at"]
    op.create_index("shares_erring", "shares", columns, sqlite_where=erring, postgresql_where=erring)
