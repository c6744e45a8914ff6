"""What draws on a terminal: tables, progress, previews."""
