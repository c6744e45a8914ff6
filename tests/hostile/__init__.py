"""What hostile, broken and careless servers may send, and that nothing comes of it but a reason."""
