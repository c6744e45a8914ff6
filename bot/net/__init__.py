"""Names, public addresses and deadlines: what guards every connection, to sites and to instances."""
