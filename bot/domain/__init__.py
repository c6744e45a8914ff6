"""The pure core: values, and functions from values to decisions. No I/O, no clock, no chance, no logging."""
