"""How many of the shares first looks only remembered, kept by the database as they change, and an index of the others.

A first look may remember a hundred thousand posts: to list the newest of the others, all of them were read, twice.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_BEFORE = "was there before the first look"
_REMEMBERED = f"{{row}}state = 'skipped' AND substr({{row}}error, 1, {len(_BEFORE)}) = '{_BEFORE}'"
_COUNTED = """
    INSERT INTO share_counts (site, account, state, number, remembered)
        SELECT site, account, state, 0, count(*) FROM shares WHERE {remembered} GROUP BY site, account, state
        ON CONFLICT (site, account, state) DO UPDATE SET remembered = excluded.remembered
"""
_SQLITE_OUT = """
        UPDATE share_counts SET number = number - 1, remembered = remembered - ({old})
            WHERE site = OLD.site AND account = OLD.account AND state = OLD.state;
"""
_SQLITE_IN = """
        INSERT INTO share_counts (site, account, state, number)
            SELECT NEW.site, NEW.account, NEW.state, 0 WHERE NOT EXISTS (
                SELECT 1 FROM share_counts WHERE site = NEW.site AND account = NEW.account AND state = NEW.state);
        UPDATE share_counts SET number = number + 1, remembered = remembered + ({new})
            WHERE site = NEW.site AND account = NEW.account AND state = NEW.state;
"""
_SQLITE = {
    "shares_counted_in": f"AFTER INSERT ON shares BEGIN {_SQLITE_IN} END",
    "shares_counted_out": f"AFTER DELETE ON shares BEGIN {_SQLITE_OUT} END",
    "shares_counted_anew": "AFTER UPDATE OF state, error ON shares "
    f"WHEN OLD.state <> NEW.state OR ({{old}}) <> ({{new}}) BEGIN {_SQLITE_OUT}{_SQLITE_IN} END",
}
# Once a statement, however many rows it changes. In one order, so that two transactions never wait for each other.
_POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO share_counts AS kept (site, account, state, number, remembered)
            SELECT site, account, state, sum(number), sum(remembered) FROM ({changes}) AS changes
            GROUP BY site, account, state HAVING sum(number) <> 0 OR sum(remembered) <> 0
            ORDER BY site, account, state
            ON CONFLICT (site, account, state) DO UPDATE
            SET number = kept.number + excluded.number, remembered = kept.remembered + excluded.remembered;
        RETURN NULL;
    END $$
"""
_CHANGED = "SELECT site, account, state, {one} AS number, CASE WHEN {remembered} THEN {one} ELSE 0 END AS remembered"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    remembered = _REMEMBERED.format(row="")
    if op.get_bind().dialect.name == "postgresql":
        # First, as whoever adds shares does: a process that wasn't stopped waits, where each would wait for the other.
        op.execute("LOCK TABLE shares IN SHARE ROW EXCLUSIVE MODE")
    op.add_column("share_counts", sa.Column("remembered", sa.BigInteger, nullable=False, server_default="0"))
    op.execute(_COUNTED.format(remembered=remembered))
    if op.get_bind().dialect.name == "sqlite":
        for name, what in _SQLITE.items():
            op.execute(f"DROP TRIGGER {name}")
            old, new = _REMEMBERED.format(row="OLD."), _REMEMBERED.format(row="NEW.")
            op.execute(f"CREATE TRIGGER {name} {what.format(old=old, new=new)}")
    else:
        added = f"{_CHANGED.format(one=1, remembered=remembered)} FROM added"
        removed = f"{_CHANGED.format(one=-1, remembered=remembered)} FROM removed"
        both = f"{added} UNION ALL {removed}"
        for name, changes in (("in", added), ("out", removed), ("anew", both)):
            op.execute(_POSTGRESQL_FUNCTION.format(name=f"shares_counted_{name}", changes=changes))
    others = sa.text(f"NOT ({remembered})")
    op.create_index("shares_to_list", "shares", ["created_at"], sqlite_where=others, postgresql_where=others)
