"""What statuses were made of, and how it stands with those that follow their posts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_INSTANT = sa.BigInteger


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.add_column("shares", sa.Column("post_modified_at", _INSTANT))
    op.add_column("shares", sa.Column("images", sa.Text, nullable=False, server_default="[]"))
    op.create_table(
        "followed",
        sa.Column(
            "share_id",
            sa.BigInteger,
            sa.ForeignKey("shares.id", name="follows_a_share"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("next_check_at", _INSTANT),
        sa.Column("modified_at", _INSTANT),
        sa.Column("edited_at", _INSTANT),
        sa.Column("gone_since", _INSTANT),
        sa.Column("failures", sa.Integer, nullable=False),
    )
    op.create_index("followed_gone", "followed", ["gone_since"])
