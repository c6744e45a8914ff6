"""How many shares there are, kept by the database as they change: counting a million of them takes seconds.

The index that they were counted by goes; two others lead to the newest shares of a site and of an account.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_SQLITE = (
    """
    CREATE TRIGGER shares_counted_in AFTER INSERT ON shares BEGIN
        INSERT INTO share_counts SELECT NEW.site, NEW.account, NEW.state, 0 WHERE NOT EXISTS (
            SELECT 1 FROM share_counts WHERE site = NEW.site AND account = NEW.account AND state = NEW.state);
        UPDATE share_counts SET number = number + 1
            WHERE site = NEW.site AND account = NEW.account AND state = NEW.state;
    END
    """,
    """
    CREATE TRIGGER shares_counted_out AFTER DELETE ON shares BEGIN
        UPDATE share_counts SET number = number - 1
            WHERE site = OLD.site AND account = OLD.account AND state = OLD.state;
    END
    """,
    """
    CREATE TRIGGER shares_counted_anew AFTER UPDATE OF state ON shares WHEN OLD.state <> NEW.state BEGIN
        UPDATE share_counts SET number = number - 1
            WHERE site = OLD.site AND account = OLD.account AND state = OLD.state;
        INSERT INTO share_counts SELECT NEW.site, NEW.account, NEW.state, 0 WHERE NOT EXISTS (
            SELECT 1 FROM share_counts WHERE site = NEW.site AND account = NEW.account AND state = NEW.state);
        UPDATE share_counts SET number = number + 1
            WHERE site = NEW.site AND account = NEW.account AND state = NEW.state;
    END
    """,
)
# Once a statement, however many rows it changes. In one order, so that two transactions never wait for each other.
_POSTGRESQL_FUNCTION = """
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO share_counts AS kept (site, account, state, number)
            SELECT site, account, state, sum(number) FROM ({changes}) AS changes
            GROUP BY site, account, state HAVING sum(number) <> 0 ORDER BY site, account, state
            ON CONFLICT (site, account, state) DO UPDATE SET number = kept.number + excluded.number;
        RETURN NULL;
    END $$
"""
_POSTGRESQL_TRIGGER = "CREATE TRIGGER {name} AFTER {event} ON shares REFERENCING {rows} EXECUTE FUNCTION {name}()"
_ADDED = "SELECT site, account, state, 1 AS number FROM added"
_REMOVED = "SELECT site, account, state, -1 AS number FROM removed"
_POSTGRESQL = (
    ("shares_counted_in", "INSERT", "NEW TABLE AS added", _ADDED),
    ("shares_counted_out", "DELETE", "OLD TABLE AS removed", _REMOVED),
    (
        "shares_counted_anew",
        "UPDATE",
        "OLD TABLE AS removed NEW TABLE AS added",
        f"{_ADDED} UNION ALL {_REMOVED}",
    ),
)


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.create_table(
        "share_counts",
        sa.Column("site", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
    op.execute(
        "INSERT INTO share_counts SELECT site, account, state, count(*) FROM shares GROUP BY site, account, state"
    )
    if op.get_bind().dialect.name == "sqlite":
        for trigger in _SQLITE:
            op.execute(trigger)
    else:
        for name, event, rows, changes in _POSTGRESQL:
            op.execute(_POSTGRESQL_FUNCTION.format(name=name, changes=changes))
            op.execute(_POSTGRESQL_TRIGGER.format(name=name, event=event, rows=rows))
    op.drop_index("shares_to_count", "shares")
    op.create_index("shares_by_site", "shares", ["site", "created_at"])
    op.create_index("shares_by_account", "shares", ["account", "created_at"])
