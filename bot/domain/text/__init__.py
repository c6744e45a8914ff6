"""HTML to text, links, and terms."""
