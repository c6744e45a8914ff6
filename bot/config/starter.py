"""The first config of somebody who has none: the few keys that there have to be, and those that most look for."""

from urllib.parse import urlsplit

from msgspec import Struct

from bot.config import checks
from bot.config.toml_text import dotted, quoted

_FALLBACK = "blog"


class Answers(Struct, frozen=True, kw_only=True):
    """What there has to be: one site, one account, both under one name. token_file as it stands in the config."""

    name: str
    site: str
    instance: str
    token_file: str
    allow_private: bool


def name_for(site: str) -> str:
    """A name for the site with this address: its host's first label, but for www."""
    host = (urlsplit(site).hostname or "").removeprefix("www.")
    try:
        return checks.name(host.encode("idna").decode().partition(".")[0])
    except ValueError:
        return _FALLBACK


def starter(answers: Answers) -> str:
    """The config as it is written."""
    private = "allow_private = true\n" if answers.allow_private else ""
    return _TEMPLATE.format(
        site=dotted(("sites", answers.name)),
        account=dotted(("accounts", answers.name)),
        name=quoted(answers.name),
        url=quoted(answers.site),
        instance=quoted(answers.instance),
        token_file=quoted(answers.token_file),
        private=private,
    )


_TEMPLATE = """\
# The config of howdah. `howdah check` says whether it works, `howdah run` works by it.
# Lines that begin with # and a key show its default: take the # away to change it. There are more keys than these:
# config.example.toml explains them all, and `howdah config show` prints what is in effect.
# Paths are relative to this file. Durations are written "60s", "2m", "1h30m", "2d".

# Where howdah remembers what it has seen and shared. Without this file it can't tell what is new: keep it.
[state]
url = "sqlite:///howdah.db"

# The WordPress site. There may be several, each under a name of its own.
[{site}]
url = {url}
accounts = [{name}]
{private}# How often to look for new posts, and how long to wait after one is first seen: its image and tags come later.
#poll_every = "2m"
#settle = "60s"
# What the first look does with the posts that are there already: "skip" them, share the "latest", or share "all".
#first_run = "skip"
# Posts that are older when they are first seen are recorded as skipped, not shared.
#max_age = "2d"
# Only posts in one of these categories, none in any of those; by name or slug.
#categories = ["News"]
#exclude_categories = ["Sponsored"]

# The account that its posts are shared on. There may be several of these, too.
[{account}]
instance = {instance}
token_file = {token_file}
{private}# Who sees the statuses: "public", "unlisted", "private" (followers), "direct" (nobody but the account).
#visibility = "public"
# The status's text; docs/templates.md says what may stand in it.
#template = "{{title}}\\n\\n{{excerpt}}\\n\\n{{link}}\\n\\n{{hashtags}}"
# Hashtags are made from the post's tags, then its categories; fixed ones come first; at most max of them in all.
#hashtags = {{ from = ["tags", "categories"], fixed = [], max = 5 }}
# "attach" the featured image, or leave the picture to the link's preview "card".
#images = "attach"
# What becomes of the status when its post is edited ("ignore" it, or "edit" the status too), or deleted.
#on_edit = "ignore"
#on_delete = "ignore"
# The least time between two statuses, and a time of day in which nothing is published.
#min_interval = "0s"
#quiet_hours = "23:00-07:00 Europe/London"
"""
