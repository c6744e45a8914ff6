"""What holds for all tests: hypothesis times nobody. How long an example takes says more of the machine than of us."""

from hypothesis import settings

settings.register_profile("howdah", deadline=None)
settings.load_profile("howdah")
