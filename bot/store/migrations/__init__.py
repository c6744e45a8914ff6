"""The migrations of the state store, run by Alembic."""
