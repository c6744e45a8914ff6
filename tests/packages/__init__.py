"""What is fetched and what is built: the locks, the wheel, the licences. `make packages` runs these."""
