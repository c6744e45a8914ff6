"""End to end: the real commands and the real daemon between a real WordPress and real servers."""
