"""The companion plugin on a real WordPress: what stands in for howdah, and PHP of our own around the plugin."""
