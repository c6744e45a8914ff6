"""The simulator: the real use cases, domain and store between a simulated site and a simulated instance.

A seed is a world: what happens in it, and when, follows from the seed alone. See scenario.py for what may happen,
invariants.py for what must not, and `python -m tests.simulation --help` for how to run it.
"""
