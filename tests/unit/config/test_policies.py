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
    MediaBudget,
    OnDelete,
    OnEdit,
    Order,
    QuietHours,
    Rule,
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
title = "g"
exclude_title = "f"
exclude_sticky = true
min_length = 300
only.de.authors = ["jane"]
only.de.exclude_title = "h"
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
max_images = 4
media_budget = "card"
mentions = ["@alice@example.org", "bob"]
author_words = false
on_edit = "edit"
on_delete = "delete"
follow_for = "7d"
order = "newest"
min_interval = "1s"
max_per_day = 7
quiet_hours = "23:00 – 7:30 Europe/London"
timeout = "0.5s"
answer_deadline = "1s"
backoff = "1ms"
attempts = 1
allow_private = true
[accounts.uk.hashtags]
from = ["categories"]
fixed = ["#news"]
max = 3
alias = { "Künstliche Intelligenz" = "KI", "Uncategorised" = "" }
allow = ["KI"]
deny = ["#Sport"]
[[accounts.uk.rules]]
sites = ["uk"]
categories = ["a"]
template = "{link}!"
visibility = "direct"
language = ""
[[accounts.uk.rules]]
tags = ["c"]
authors = ["e"]
spoiler_text = ""
sensitive = false
images = "attach"
[accounts.de]
instance = "https://social.example"
"""


def test_defaults(tmp_path: Path) -> None:
    """What isn't in the config is as the domain has it."""
    config = loaded(tmp_path)

    assert SitePolicy(name="uk", accounts=("uk",)) == config.site_policy("uk")
    assert AccountPolicy(name="uk") == config.account_policy("uk")
    assert f"sqlite:///{tmp_path}/howdah.db" == config.state.url


def test_each_is_made_once(tmp_path: Path) -> None:
    """Whoever asks for all of them every few seconds gets the same ones."""
    config = loaded(tmp_path)

    assert config.site_policy("uk") is config.site_policy("uk")
    assert config.account_policy("uk") is config.account_policy("uk")


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
            title="g",
            exclude_title="f",
            exclude_sticky=True,
            min_length=300,
        ),
        only={"de": Filters(authors=("jane",), exclude_title="h")},
    )
    assert config.account_policy("uk") == AccountPolicy(
        name="uk",
        visibility="unlisted",
        template="{link}",
        language="pt-BR",
        spoiler_text="News",
        sensitive=True,
        images=Images.CARD,
        max_images=4,
        media_budget=MediaBudget.CARD,
        hashtags=HashtagPolicy(
            sources=("categories",),
            fixed=("#news",),
            max=3,
            alias={"Künstliche Intelligenz": "KI", "Uncategorised": ""},
            allow=("KI",),
            deny=("#Sport",),
        ),
        mentions=("alice@example.org", "bob"),
        author_words=False,
        rules=(
            Rule(sites=("uk",), categories=("a",), template="{link}!", visibility="direct", language=""),
            Rule(tags=("c",), authors=("e",), spoiler_text="", sensitive=False, images=Images.ATTACH),
        ),
        on_edit=OnEdit.EDIT,
        on_delete=OnDelete.DELETE,
        follow_for=timedelta(days=7),
        order=Order.NEWEST,
        min_interval=timedelta(seconds=1),
        max_per_day=7,
        quiet_hours=QuietHours(start=time(23), end=time(7, 30), zone="Europe/London"),
        timeout=timedelta(milliseconds=500),
        answer_deadline=timedelta(seconds=1),
        backoff=timedelta(milliseconds=1),
        attempts=1,
    )
    assert ("http://10.0.0.1:8080/wp", ("article",), True) == (site.url, site.post_type, site.allow_private)
    assert ("http://localhost:3000", True) == (account.instance, account.allow_private)
    assert f"sqlite:///{tmp_path}/data/howdah.db" == config.state.url


def test_unknown_names(tmp_path: Path) -> None:
    """Asking for a site or an account that isn't there is the caller's mistake."""
    with pytest.raises(KeyError):
        loaded(tmp_path).site_policy("de")
    with pytest.raises(KeyError):
        loaded(tmp_path).account_policy("de")
