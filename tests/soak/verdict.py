"""The verdict: what is on the instance and in the store, held against what was written on the site. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

# A share in one of these states stands still with a reason, and waits for a person.
STANDING = ("failed", "held", "skipped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A status on the instance."""

    account: str
    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A share as `howdah list --json` has it. post: SITE/ID."""

    post: str
    account: str
    number: int
    state: str
    url: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is wrong, a sentence each.

    twice: more than one status for a post on an account. lost: none, and no reason for a person. held: a reason for
    a person. unfinished: a status that its share still doesn't know of. astray: a share that names another status.
    """

    twice: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    astray: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether howdah kept its promise. A share that is held for a person breaks none."""
        return not (self.twice or self.lost or self.unfinished or self.astray)


def judge(wanted: Mapping[tuple[str, str], str], *, statuses: Iterable[Published], rows: Iterable[Row]) -> Verdict:
    """Judge each post on each account that it is to be shared on. wanted: (post, account) → the post's link."""
    found = _by_link_and_account(statuses, links=set(wanted.values()))
    newest = {(row.post, row.account): row for row in sorted(rows, key=lambda row: row.number)}
    sentences: dict[str, list[str]] = defaultdict(list)
    for (post, account), link in wanted.items():
        kind, reason = _judge_one(found[link, account], newest.get((post, account)))
        sentences[kind].append(f"{post} on {account}: {reason}")
    sentences.pop("fine", None)
    return Verdict(**{kind: tuple(several) for kind, several in sentences.items()})


def _judge_one(statuses: Sequence[Published], row: Row | None) -> tuple[str, str]:
    """The kind of verdict, and the reason."""
    state = row.state if row is not None else "unknown to the store"
    if len(statuses) > 1:
        return "twice", f"{', '.join(status.url for status in statuses)} (the share is {state})"
    if row is not None and state in STANDING and row.error:
        return "held", f"{state}: {row.error}"
    if not statuses:
        return "lost", f"no status, and the share is {state}"
    if row is None or state != "shared":
        return "unfinished", f"{statuses[0].url} is there, but the share is {state}"
    if row.url != statuses[0].url:
        return "astray", f"{statuses[0].url} is there, but the share says {row.url}"
    return "fine", ""


def _by_link_and_account(
    statuses: Iterable[Published], *, links: Set[str]
) -> defaultdict[tuple[str, str], list[Published]]:
    found: defaultdict[tuple[str, str], list[Published]] = defaultdict(list)
    for status in statuses:
        for link in links & set(status.text.split()):
            found[link, status.account].append(status)
    return found
