"""By which token an account was last used, as a digest: a pause ends where it is another."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Go there. There is no way back: restore the backup that was made before."""
    op.add_column("accounts", sa.Column("token_mark", sa.Text, nullable=False, server_default=""))
