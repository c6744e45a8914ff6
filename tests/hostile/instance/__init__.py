"""A hostile instance."""
