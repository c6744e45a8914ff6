"""What people and programs are told, whoever shows it: health, what needs a person, the JSON lines."""
