"""The pure parts of the WordPress adapter."""
