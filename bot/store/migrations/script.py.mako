"""${message}."""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that you made before."""
    ${upgrades if upgrades else "pass"}
