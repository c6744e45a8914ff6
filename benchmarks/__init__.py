"""Benchmarks: ratios in one run, medians of several. They tell; they never pass or fail."""
