"""The first schema: sites, posts, shares, attempts, accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# What Instant is in the database. Written out here, because a migration must not change with the code.
_INSTANT = sa.BigInteger
_ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.create_table(
        "sites",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("root", sa.Text, nullable=False, server_default=""),
        sa.Column("url", sa.Text, nullable=False, server_default=""),
        sa.Column("looked_at", _INSTANT),
        sa.Column("activated_at", _INSTANT),
        sa.Column("next_look_at", _INSTANT),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
    )
    op.create_table(
        "posts",
        sa.Column("site", sa.Text, primary_key=True),
        sa.Column("post_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("link_key", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("published_at", _INSTANT),
        sa.Column("modified_at", _INSTANT),
        sa.Column("first_seen_at", _INSTANT, nullable=False),
        sa.Column("listed", sa.Boolean, nullable=False),
    )
    op.create_table(
        "shares",
        sa.Column("id", _ROW_ID, primary_key=True),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("post_id", sa.BigInteger, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("by_hand", sa.Boolean, nullable=False),
        sa.Column("text_override", sa.Text, nullable=False),
        sa.Column("sent_link", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("status_id", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("unanswered", sa.Integer, nullable=False),
        sa.Column("absences", sa.Integer, nullable=False),
        sa.Column("media_failures", sa.Integer, nullable=False),
        sa.Column("unread", sa.Integer, nullable=False),
        sa.Column("idempotency_key", sa.Text, nullable=False),
        sa.Column("status", sa.Text),
        sa.Column("media_ids", sa.Text, nullable=False),
        sa.Column("anchor_id", sa.Text),
        sa.Column("anchor_at", _INSTANT),
        sa.Column("sent_at", _INSTANT),
        sa.Column("next_attempt_at", _INSTANT),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.UniqueConstraint("site", "post_id", "account", "number", name="one_share_of_each_number"),
        sa.ForeignKeyConstraint(["site", "post_id"], ["posts.site", "posts.post_id"], name="share_of_a_post"),
    )
    op.create_table(
        "attempts",
        sa.Column("id", _ROW_ID, primary_key=True),
        sa.Column("share_id", sa.BigInteger, sa.ForeignKey("shares.id", name="attempt_of_a_share"), nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_table(
        "accounts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("instance", sa.Text, nullable=False, server_default=""),
        sa.Column("lease_owner", sa.Text, nullable=False, server_default=""),
        sa.Column("lease_until", _INSTANT),
        sa.Column("paused_until", _INSTANT),
        sa.Column("pause_reason", sa.Text, nullable=False, server_default=""),
        sa.Column("pauses", sa.Integer, nullable=False, server_default="0"),
        sa.Column("limits", sa.Text),
        sa.Column("limits_at", _INSTANT),
        sa.Column("statuses_remaining", sa.Integer),
        sa.Column("statuses_reset_at", _INSTANT),
        sa.Column("media_remaining", sa.Integer),
        sa.Column("media_reset_at", _INSTANT),
        sa.Column("latest_id", sa.Text),
        sa.Column("latest_at", _INSTANT),
    )
    op.create_index("posts_by_date", "posts", ["site", "published_at"])
    op.create_index("posts_by_link", "posts", ["link_key"])
    op.create_index("shares_to_do", "shares", ["account", "state", "next_attempt_at"])
    op.create_index("shares_by_state", "shares", ["state", "created_at"])
    op.create_index("shares_by_status", "shares", ["account", "status_id"])
    op.create_index("shares_to_count", "shares", ["site", "account", "state"])
    op.create_index("shares_newest", "shares", ["created_at"])
    op.create_index("attempts_of_share", "attempts", ["share_id"])
    op.create_index("attempts_by_step", "attempts", ["account", "step", "at"])
