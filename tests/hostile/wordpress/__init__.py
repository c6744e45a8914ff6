"""A hostile WordPress."""
