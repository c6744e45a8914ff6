"""What sites announce."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.create_table(
        "notices",
        sa.Column("site", sa.Text, primary_key=True),
        sa.Column("notice_id", sa.Text, primary_key=True),
        sa.Column("post_id", sa.BigInteger, nullable=False),
        sa.Column("again", sa.Boolean, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("done_at", sa.BigInteger),
    )
    op.create_index("notices_by_age", "notices", ["received_at"])
    op.create_index("notices_to_do", "notices", ["done_at", "received_at"])
