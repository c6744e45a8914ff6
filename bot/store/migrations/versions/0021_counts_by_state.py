"""Which accounts have something to do is asked each second, by the numbers of shares that wait: by an index, then."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.create_index("share_counts_by_state", "share_counts", ["state", "account"])
