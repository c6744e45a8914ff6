"""Hashtags that an instance refuses: its owner has forbidden them, and Mastodon then refuses the whole status (422).

No server says by a code that this was why, nor does any tell beforehand which hashtags it refuses; but in whatever
language the refusal is, it names them. So a status that was refused is sent once more without those of its hashtags
that are named. A refusal that names none is about something else. What the first try went without is remembered in the
share's history.
"""

import re
from collections.abc import Iterable
from unicodedata import combining, normalize

from bot.domain.models import Attempt, Share

# The outcome, in a share's history, of the publish that was refused; its detail is the hashtags.
OUTCOME = "without hashtags"

_HASHTAG = re.compile(r"(?<!\S)[#＃][^\s#＃]+")
_COLON = re.compile("[:：]")
_AROUND = "#＃.,;!?…()[]{}\"'“”„«»‹›「」、。،"


def to_leave_out(share: Share, message: str) -> tuple[str, ...]:
    """The hashtags to go without after a refusal with this message; () where it names none.

    A person's own words stay as they are.
    """
    if share.status is None or share.text_override:
        return ()
    found = dict.fromkeys(_HASHTAG.findall(share.status.text))
    used = (hashtag for hashtag in found if any(map(str.isalpha, hashtag)))
    named = _words(_COLON.split(message)[-1])
    return tuple(hashtag for hashtag in used if _folded(hashtag) in named)


def left_out(history: Iterable[Attempt]) -> tuple[str, ...]:
    """The hashtags that a share goes without, by its history."""
    return tuple(hashtag for attempt in history if attempt.outcome == OUTCOME for hashtag in attempt.detail.split())


def _words(text: str) -> frozenset[str]:
    return frozenset(_folded(word.strip(_AROUND)) for word in re.split(r"[\s,、،]+", text)) - {""}


def _folded(name: str) -> str:
    """A hashtag as Mastodon compares them: without #, case, width and accents; spaces don't count either."""
    letters = normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if not combining(letter) and not letter.isspace()).lstrip("#＃")
