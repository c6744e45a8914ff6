"""Tests of the sandbox itself, over real HTTP on loopback."""
