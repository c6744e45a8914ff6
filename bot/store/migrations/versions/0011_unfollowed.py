"""Which statuses don't follow their posts is asked often, and true of few."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    unfollowed = sa.text("state = 'shared' AND error <> ''")
    op.create_index("shares_unfollowed", "shares", ["updated_at"], sqlite_where=unfollowed, postgresql_where=unfollowed)
