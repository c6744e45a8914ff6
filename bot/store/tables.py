"""The tables of the state store. The migrations make them; a test holds the two together."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

from bot.domain.models import THERE_BEFORE

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as whole milliseconds since 1970: the same on every database, and ordered."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        """The milliseconds of an instant; a naive one is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise AssertionError(f"a naive instant can't be stored: {value}")
        return (value - _EPOCH) // MILLISECOND

    def process_result_value(self, value: int | None, _dialect: Dialect) -> datetime | None:
        """The instant, in UTC."""
        return None if value is None else _EPOCH + value * MILLISECOND


metadata = MetaData()

# Shares whose statuses don't follow their posts. Written out: an index is used where its own words stand in a query.
UNFOLLOWED = text("state = 'shared' AND error <> ''")
# Shared posts that couldn't be looked at again, or whose statuses couldn't be edited.
FAILING = text("followed.error <> ''")
# Shares that wait, and that something went wrong with.
ERRING = text("state = 'pending' AND error <> ''")
# What lists show: all but what first looks only remembered.
TO_LIST = text(f"NOT (state = 'skipped' AND substr(error, 1, {len(THERE_BEFORE)}) = '{THERE_BEFORE}')")

sites = Table(
    "sites",
    metadata,
    Column("name", Text, primary_key=True),
    Column("root", Text, nullable=False, server_default=""),
    Column("url", Text, nullable=False, server_default=""),  # the config's address that the root was found from
    Column("looked_at", Instant),
    Column("activated_at", Instant),
    Column("next_look_at", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("error", Text, nullable=False, server_default=""),
    Column("lease_owner", Text, nullable=False, server_default=""),
    Column("lease_until", Instant),
    Column("rests_until", Instant),
    Column("write_back_since", Instant),  # NULL: nothing is written to this site
    Column("write_failures", Integer, nullable=False, server_default="0"),
    Column("write_error", Text, nullable=False, server_default=""),
)

posts = Table(
    "posts",
    metadata,
    Column("site", Text, primary_key=True),
    Column("post_id", BigInteger, primary_key=True, autoincrement=False),
    Column("link", Text, nullable=False),
    Column("link_key", Text, nullable=False),  # the link, normalised: what a person's URL is compared with
    Column("title", Text, nullable=False),
    Column("published_at", Instant),
    Column("modified_at", Instant),
    Column("first_seen_at", Instant, nullable=False),
    Column("listed", Boolean, nullable=False),  # found by a look, not only recorded with a share by hand
    Index("posts_by_date", "site", "published_at"),
    Index("posts_by_link", "link_key"),
)

shares = Table(
    "shares",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("site", Text, nullable=False),
    Column("post_id", BigInteger, nullable=False),
    Column("account", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked", Text, nullable=False, server_default=""),
    Column("text_override", Text, nullable=False),
    Column("sent_link", Text, nullable=False),  # '' until the share was prepared: the post's own link stands for it
    Column("url", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("status_id", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("unanswered", Integer, nullable=False),
    Column("absences", Integer, nullable=False),
    Column("media_failures", Integer, nullable=False),
    Column("unread", Integer, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("status", Text),  # the frozen status, as JSON
    Column("media_ids", Text, nullable=False),  # a JSON list
    Column("post_modified_at", Instant),
    Column("images", Text, nullable=False, server_default="[]"),  # a JSON list
    Column("anchor_id", Text),
    Column("anchor_at", Instant),
    Column("sent_at", Instant),
    Column("next_attempt_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("write_due_at", Instant),  # NULL: WordPress knows what became of it, or nothing did yet
    Column("write_failures", Integer, nullable=False, server_default="0"),
    UniqueConstraint("site", "post_id", "account", "number", name="one_share_of_each_number"),
    ForeignKeyConstraint(["site", "post_id"], ["posts.site", "posts.post_id"], name="share_of_a_post"),
    Index("shares_to_do", "account", "state", "next_attempt_at"),
    Index("shares_by_state", "state", "created_at"),
    Index("shares_by_status", "account", "status_id"),
    Index("shares_newest", "created_at"),
    Index("shares_by_site", "site", "created_at"),
    Index("shares_by_account", "account", "created_at"),
    Index("shares_to_write", "site", "write_due_at"),
    Index("shares_by_url", "url"),
    # Of the rows that are UNFOLLOWED, ERRING or TO_LIST alone, by the migrations: said here, that loads PostgreSQL's
    # dialect at each start.
    Index("shares_unfollowed", "state", "updated_at"),
    Index("shares_erring", "state", "created_at"),
    Index("shares_to_list", "created_at"),
)

# How many shares there are. Triggers keep it; nobody else writes it, and it isn't copied with the rest.
share_counts = Table(
    "share_counts",
    metadata,
    Column("site", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("remembered", BigInteger, nullable=False, server_default="0"),  # of those: by a first look alone
    Index("share_counts_by_state", "state", "account"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("share_id", BigInteger, ForeignKey("shares.id", name="attempt_of_a_share"), nullable=False),
    Column("account", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("step", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("attempts_of_share", "share_id"),
    Index("attempts_by_step", "account", "step", "at"),
)

# How it stands with shares whose posts are looked at after they were shared.
followed = Table(
    "followed",
    metadata,
    Column(
        "share_id",
        BigInteger,
        ForeignKey("shares.id", name="follows_a_share"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("next_check_at", Instant),  # NULL: never again
    Column("modified_at", Instant),
    Column("edited_at", Instant),
    Column("gone_since", Instant),
    Column("failures", Integer, nullable=False),
    Column("in_doubt", Boolean, nullable=False, server_default=false()),
    Column("unread", Integer, nullable=False, server_default="0"),
    Column("error", Text, nullable=False, server_default=""),
    Index("followed_gone", "gone_since"),
    Index("followed_failing", "error"),  # of those that have one alone, in its migration; see shares_unfollowed
)

accounts = Table(
    "accounts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("instance", Text, nullable=False, server_default=""),  # the config's address that the rest is about
    Column("lease_owner", Text, nullable=False, server_default=""),
    Column("lease_until", Instant),
    Column("paused_until", Instant),
    Column("pause_reason", Text, nullable=False, server_default=""),
    Column("pauses", Integer, nullable=False, server_default="0"),
    Column("limits", Text),  # as JSON
    Column("limits_at", Instant),
    Column("statuses_remaining", Integer),
    Column("statuses_reset_at", Instant),
    Column("media_remaining", Integer),
    Column("media_reset_at", Instant),
    Column("latest_id", Text),
    Column("latest_at", Instant),
    Column("rests_until", Instant),
    Column("listed", Text, nullable=False, server_default=""),  # visibilities, separated by commas
    Column("token_mark", Text, nullable=False, server_default=""),  # a short digest: whether it is still the same
    Column("token_owner", Text, nullable=False, server_default=""),  # which process had it last,
    Column("token_at", Instant),  # and when, to a few minutes
    Column("origin", Text, nullable=False, server_default=""),  # the store's, when the account was read last
    Column("unproven_before", Instant),  # the store may not know of statuses from before
)

# How far accounts' own statuses were read back for posts that they link to, where that isn't done.
read_backs = Table(
    "read_backs",
    metadata,
    Column("site", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("newest", Text, nullable=False),
    Column("before", Text, nullable=False),
)

# What sites announced: those that are not done yet, and the ids of the others for a while.
notices = Table(
    "notices",
    metadata,
    Column("site", Text, primary_key=True),
    Column("notice_id", Text, primary_key=True),
    Column("post_id", BigInteger, nullable=False),
    Column("again", Boolean, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("done_at", Instant),  # NULL: not done yet
    Index("notices_by_age", "received_at"),
    Index("notices_to_do", "done_at", "received_at"),
)

# Statuses that were found on an account and belong to no share: a store that is older than the world learns from them.
statuses = Table(
    "statuses",
    metadata,
    Column("account", Text, primary_key=True),
    Column("link_key", Text, primary_key=True),  # a link of the status, normalised
    Column("status_id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)


def copied_tables() -> list[Table]:
    """The tables whose rows a backup copies, those first that others refer to."""
    return [table for table in metadata.sorted_tables if table is not share_counts]


# What needs a person, from when it was seen until its end was told.
causes = Table(
    "causes",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("told_at", Instant),
    Column("gone_at", Instant),
    Column("claimed_at", Instant),  # when a process began to tell of it
)
