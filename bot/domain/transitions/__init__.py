"""What becomes of a share: each decision as a value."""
