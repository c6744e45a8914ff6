"""A post becomes a status: text, hashtags, attachments, counted and cut to the instance's limit."""
