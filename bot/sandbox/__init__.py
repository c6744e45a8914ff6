"""A small WordPress and a small Mastodon on loopback, with faults on demand: for the demo, the tests, the benchmarks.

They answer as the real ones do where howdah looks, oddities included, and hold everything in memory. They stand on the
standard library alone and know nothing of the rest of howdah.
"""
