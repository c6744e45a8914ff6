"""What bounds an account, a site, a machine and a database: measured here, and simulated for an installation."""
