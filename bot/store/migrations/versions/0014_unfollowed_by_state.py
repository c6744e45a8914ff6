"""SQLite, which has no statistics, took the index by state instead: it read every share that is shared."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    unfollowed = sa.text("state = 'shared' AND error <> ''")
    columns = ["state", "updated_at"]
    op.drop_index("shares_unfollowed", "shares")
    op.create_index("shares_unfollowed", "shares", columns, sqlite_where=unfollowed, postgresql_where=unfollowed)
