"""Names, public addresses and deadlines: one guard for every connection, to sites and to instances."""
