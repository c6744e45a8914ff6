"""Leases in memory: name → (owner, until)."""

from datetime import datetime, timedelta

LONGEST = timedelta(hours=3)

Leases = dict[str, tuple[str, datetime]]


def take(leases: Leases, name: str, *, owner: str, now: datetime, until: datetime) -> bool:
    """Take it, or renew it, unless another's runs."""
    if leases.get(name, (owner, now))[0] != owner and runs(leases, name, now=now):
        return False
    leases[name] = (owner, until)
    return True


def release(leases: Leases, name: str, *, owner: str) -> None:
    """Give back what is the owner's."""
    if leases.get(name, ("", None))[0] == owner:
        del leases[name]


def runs(leases: Leases, name: str, *, now: datetime) -> bool:
    """A lease that claims to run for many hours was taken by a wrong clock."""
    _, until = leases.get(name, ("", now))
    return now < until <= now + LONGEST
