"""What the domain gets from the config."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.domain.policy import (
    AccountPolicy,
    Filters,
    FirstRun,
    HashtagPolicy,
    Images,
    QuietHours,
    SitePolicy,
)
from tests.unit.config.files import loaded

FULL = """\
[state]
url = "sqlite:///data/howdah.db"
[sites.uk]
url = "http://10.0.0.1:8080/wp/"
accounts = ["uk", "de"]
poll_every = "250ms"
settle = 0
first_run = "latest"
max_age = "36500d"
max_burst = 0
post_type = "article"
categories = ["a"]
exclude_categories = ["b"]
tags = ["c"]
exclude_tags = ["d"]
authors = ["e"]
exclude_title = "f"
write_back = false
allow_private = true
[accounts.uk]
instance = "http://localhost:3000/"
token_file = "uk.token"
visibility = "unlisted"
template = "{link}"
language = "pt-BR"
spoiler_text = "News"
sensitive = true
images = "card"
hashtags = { from = ["categories"], fixed = ["#news"], max = 3 }
on_edit = "ignore"
on_delete = "ignore"
min_interval = "1s"
quiet_hours = "23:00 – 7:30 Europe/London"
timeout = "0.5s"
answer_deadline = "1s"
backoff = "1ms"
attempts = 1
allow_private = true
[accounts.de]
instance = "https://social.example"
"""


def test_defaults(tmp_path: Path) -> None:
    """What isn't in the config is as the domain has it."""
    config = loaded(tmp_path)

    assert SitePolicy(name="uk", accounts=("uk",)) == config.site_policy("uk")
    assert AccountPolicy(name="uk") == config.account_policy("uk")
    assert f"sqlite:///{tmp_path}/howdah.db" == config.state.url


def test_everything_set(tmp_path: Path) -> None:
    """What is in the config reaches the domain, and the addresses the wiring."""
    config = loaded(tmp_path, FULL)
    site, account = config.sites["uk"], config.accounts["uk"]

    assert config.site_policy("uk") == SitePolicy(
        name="uk",
        accounts=("uk", "de"),
        poll_every=timedelta(milliseconds=250),
        settle=timedelta(0),
        first_run=FirstRun.LATEST,
        max_age=timedelta(days=36500),
        max_burst=0,
        filters=Filters(
            categories=("a",),
            exclude_categories=("b",),
            tags=("c",),
            exclude_tags=("d",),
            authors=("e",),
            exclude_title="f",
        ),
    )
    assert config.account_policy("uk") == AccountPolicy(
        name="uk",
        visibility="unlisted",
        template="{link}",
        language="pt-BR",
        spoiler_text="News",
        sensitive=True,
        images=Images.CARD,
        hashtags=HashtagPolicy(sources=("categories",), fixed=("#news",), max=3),
        min_interval=timedelta(seconds=1),
        quiet_hours=QuietHours(start=time(23), end=time(7, 30), zone="Europe/London"),
        timeout=timedelta(milliseconds=500),
        answer_deadline=timedelta(seconds=1),
        backoff=timedelta(milliseconds=1),
        attempts=1,
    )
    assert ("http://10.0.0.1:8080/wp", "article", True) == (site.url, site.post_type, site.allow_private)
    assert ("http://localhost:3000", True) == (account.instance, account.allow_private)
    assert f"sqlite:///{tmp_path}/data/howdah.db" == config.state.url


def test_unknown_names(tmp_path: Path) -> None:
    """Asking for a site or an account that isn't there is the caller's mistake."""
    with pytest.raises(KeyError):
        loaded(tmp_path).site_policy("de")
    with pytest.raises(KeyError):
        loaded(tmp_path).account_policy("de")
