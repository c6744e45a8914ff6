"""What only real HTTP shows of the WordPress adapter."""
