"""What goes wrong with a request, for people and for programs: what, and what to do next."""

from bot.errors import (
    AccountError,
    AlreadySharedError,
    ConfigError,
    HowdahError,
    ImageError,
    LeaseLostError,
    PostGoneError,
    RefusedError,
    SiteError,
    StoreError,
    UserError,
)


class WebError(Exception):
    """An answer other than what was asked for. code: a word for programs; next: what helps, '' where nothing does.

    retry_after: seconds after which it makes sense to ask again, 0 where that doesn't depend on time.
    """

    def __init__(self, status: int, code: str, message: str, next: str = "", *, retry_after: int = 0) -> None:  # noqa: A002 - the field's name in the API
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.next = next
        self.retry_after = retry_after

    def object(self) -> dict[str, dict[str, str]]:
        """As the API says it."""
        return {"error": {"code": self.code, "message": self.message, "next": self.next}}


def not_found(what: str, *, following: str = "") -> WebError:
    """There is no such thing. following: where to look for what there is, if not among the shares."""
    return WebError(404, "not_found", f"There is no {what}.", following or "Look for it among the shares.")


# The first that fits, so the finer ones stand first.
_KINDS: tuple[tuple[type[HowdahError], int, str, str], ...] = (
    (PostGoneError, 404, "post_gone", ""),
    (ImageError, 404, "no_image", ""),
    (ConfigError, 503, "config", "Mend the config, then send the daemon SIGHUP."),
    (UserError, 400, "mistake", ""),
    (AlreadySharedError, 409, "refused", 'Share it again ("again": true) for one more status.'),
    (RefusedError, 409, "refused", ""),
    (LeaseLostError, 409, "changed_meanwhile", "Look at it again, then decide."),
    (StoreError, 503, "store", "`howdah check` says more."),
    (SiteError, 502, "site", "Try again later; `howdah check` says more."),
    (AccountError, 502, "account", "Try again later; `howdah check` says more."),
)


def translated(error: HowdahError) -> WebError:
    """An error of howdah's as an answer."""
    for kind, status, code, following in _KINDS:
        if isinstance(error, kind):
            return WebError(status, code, str(error), following)
    return WebError(500, "error", str(error))
