"""One family of errors, sorted by what the caller does next.

Adapters translate every foreign exception into one of these and chain the original. The command line turns what
reaches it into one sentence and an exit code; nothing else prints.
"""

import sys
from datetime import datetime


def line_that_installs(extra: str) -> str:
    """What to run for an extra of howdah, in the place where this howdah is installed."""
    import shlex

    return f"{shlex.quote(sys.executable)} -m pip install 'howdah[{extra}]'"


class HowdahError(Exception):
    """Root of the family. Its text is a sentence for a person: what, where, what to do."""


class UserError(HowdahError):
    """A person has to change something before it makes sense to try again (exit code 2)."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ConfigError(UserError):
    """The config is missing or wrong; carries every problem found, each with its file, line and key."""


class RefusedError(HowdahError):
    """Howdah declines to do what was asked, for a reason that the sentence gives (exit code 1)."""


class AlreadySharedError(RefusedError):
    """The post is shared there already; who wants one more status asks for that."""


class StoreError(HowdahError):
    """The state store can't be used: newer, corrupt, full, read-only or out of reach. Never treated as empty."""


class LeaseLostError(HowdahError):
    """Another process took over the account; whatever was being prepared must be dropped, not sent."""


class AtRestError(HowdahError):
    """A person lets the account or the site rest by now; what was being prepared waits until they rest no more."""


class SiteError(HowdahError):
    """Something is wrong between howdah and a WordPress site."""


class SiteUnavailableError(SiteError):
    """The site gave no usable answer this time; nothing may be concluded from it. Try again later.

    retry_after: seconds that the site asked to wait, None where it said nothing.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotInFeedError(SiteUnavailableError):
    """The post isn't in the site's feed, which has the newest ones only: nothing is wrong, and nothing is known."""


class PostGoneError(SiteError):
    """The site says for certain that this post isn't public: deleted, unpublished, private or of another type."""


class WriteRefusedError(SiteError):
    """The site doesn't let howdah write, or didn't keep what it wrote. Only a person can mend it."""


class ImageError(SiteError):
    """This image can't be had or can't be used; the share goes on without it."""


class AccountError(HowdahError):
    """Something is wrong between howdah and an account's instance, while reading. Publishing answers with values."""


class AccountUnavailableError(AccountError):
    """The instance gave no usable answer this time. Try again later."""


class AccountThrottledError(AccountUnavailableError):
    """The instance asks to slow down (429). until: when it listens again, None where it doesn't say."""

    def __init__(self, message: str, *, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class AccountBarredError(AccountError):
    """The instance refuses this token (401) or this action (403). Only a person can mend it."""

    def __init__(self, message: str, *, code: int) -> None:
        super().__init__(message)
        self.code = code
