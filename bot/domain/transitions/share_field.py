"""What WordPress is told of a post: it has one field, however many accounts the post is shared on."""

from collections.abc import Collection, Iterator, Sequence

from bot.domain.models import Share, ShareField, State

# WordPress shows it in a list of posts: what is longer is cut.
_LONGEST_ERROR = 300
_ENDED_WITHOUT = (State.FAILED, State.HELD, State.SKIPPED)


def share_field(shares: Collection[Share], accounts: Sequence[str]) -> ShareField:
    """The field of a post with these shares: the newest url of the first account that has one.

    accounts: the site's, in the config's order. An error, the first account's newest, only where none has a url; where
    nothing came of any of them yet, the field is empty.
    """
    newest = sorted(shares, key=lambda share: share.number, reverse=True)
    by_account = [share for account in accounts for share in newest if share.account == account]
    url = next((share.url for share in by_account if share.state is State.SHARED and share.url), "")
    error = "" if url else next(_errors(by_account), "")
    return ShareField(url=url, error=error)


def _errors(shares: Collection[Share]) -> Iterator[str]:
    for share in shares:
        if share.state in _ENDED_WITHOUT and share.error:
            line = " ".join(share.error.split())
            yield line if len(line) <= _LONGEST_ERROR else line[: _LONGEST_ERROR - 1].rstrip() + "…"
