"""What a process remembers beside the store: it saves requests, and nothing is lost with it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.models import Post, Profile, SiteInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """By the names of sites and accounts; each for as long as the process runs. Several threads may use it.

    What is called elapsed here is when it was, as Clock.elapsed counts.
    """

    site_info: dict[str, tuple[SiteInfo, timedelta]] = field(default_factory=dict)
    """Site → what it said of itself, elapsed."""

    namespaces: dict[str, tuple[frozenset[str], timedelta]] = field(default_factory=dict)
    """Site → the REST namespaces that it announced, elapsed."""

    just_read: dict[tuple[str, int], tuple[Post, datetime]] = field(default_factory=dict)
    """(Site, post) → the post as it was announced and read, when: it isn't read twice."""

    put_off: dict[tuple[str, str], tuple[int, timedelta]] = field(default_factory=dict)
    """(Site, notice) → how often its site could not be asked, until when (elapsed) it is left alone."""

    profiles: dict[str, Profile] = field(default_factory=dict)
    """Account → whose its token is."""

    caught_up: dict[str, str] = field(default_factory=dict)
    """Account → the store's origin at the time when this process has caught up with it."""

    read_at: dict[str, tuple[timedelta, datetime | None]] = field(default_factory=dict)
    """Account → when (elapsed) its own statuses were read last for what others sent there, and since when."""

    tokenless: dict[str, str] = field(default_factory=dict)
    """Account → why this process can't read its token; it leaves the account alone."""

    def forget_account(self, name: str) -> None:
        """Ask anew who an account is and what it has."""
        for known in (self.profiles, self.caught_up, self.read_at):
            known.pop(name, None)
