"""The pages of the sandbox's Mastodon: an account's profile and a single status, for a person to look at."""

import html
from collections.abc import Iterable

from bot.sandbox.mastodon_entities import Account, Entities, Status
from bot.sandbox.mastodon_text import render

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
body{{font:16px/1.5 system-ui,sans-serif;background:#191b22;color:#e8e8f0;margin:0}}
main{{max-width:37rem;margin:0 auto;padding:1.5rem 1rem}}
article{{background:#282c37;border-radius:8px;padding:1rem 1.25rem;margin:0 0 1rem;overflow-wrap:anywhere}}
article header{{display:flex;justify-content:space-between;color:#9baec8;font-size:.9rem}}
a{{color:#8c8dff}}.invisible{{font-size:0}}.ellipsis::after{{content:"…"}}
figure{{margin:.75rem 0 0}}img{{width:100%;border-radius:6px}}figcaption{{color:#9baec8;font-size:.85rem}}
summary{{cursor:pointer}}label,select,button{{font:inherit}}
</style></head><body><main>{body}</main></body></html>
"""


def page(title: str, body: str) -> str:
    """A page; the title is escaped here, the body is HTML."""
    return _PAGE.format(title=html.escape(title), body=body)


def profile_page(account: Account, statuses: Iterable[Status], entities: Entities) -> str:
    """An account and its statuses, in the order given."""
    acct = f"@{account.username}@{entities.domain}"
    entries = "".join(_article(status, entities) for status in statuses)
    heading = f"<h1>{html.escape(account.display_name)}</h1><p>{html.escape(acct)}</p>"
    return page(f"{account.display_name} ({acct})", heading + (entries or "<p>No posts yet.</p>"))


def status_page(status: Status, entities: Entities) -> str:
    """A status by itself."""
    account = status.account
    back = f'<p><a href="/@{html.escape(account.username)}">@{html.escape(account.username)}</a></p>'
    return page(f"{account.display_name}: {status.text[:60]}", back + _article(status, entities))


def front_page(accounts: Iterable[Account]) -> str:
    """The instance's accounts."""
    items = "".join(
        f'<li><a href="/@{html.escape(account.username)}">@{html.escape(account.username)}</a></li>'
        for account in accounts
    )
    return page("A small Mastodon", f"<h1>A small Mastodon</h1><ul>{items}</ul>")


def _article(status: Status, entities: Entities) -> str:
    """A status as an article; here every link is one, so that a person can follow it, loopback or not."""
    shown = status.reblog or status
    address = html.escape(f"/@{shown.account.username}/{shown.id}")
    content = render(shown.text, origin=entities.origin, local=shown.mentions, linked="all")
    if shown.spoiler_text:
        content = f"<details><summary>{html.escape(shown.spoiler_text)}</summary>{content}</details>"
    boosted = f"<p>{html.escape(status.account.display_name)} boosted</p>" if status.reblog else ""
    edited = " · edited" if shown.edited_at else ""
    figures = "".join(
        f'<figure><img src="{html.escape(entities.file(media))}" alt="{html.escape(media.description)}">'
        f"<figcaption>{html.escape(media.description) or 'no description'}</figcaption></figure>"
        for media in shown.media
    )
    return (
        f"<article>{boosted}<header><span>{html.escape(shown.account.display_name)} · {shown.visibility}{edited}</span>"
        f'<a href="{address}"><time>{shown.created_at:%Y-%m-%d %H:%M}</time></a></header>{content}{figures}</article>'
    )
