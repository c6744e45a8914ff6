"""A pass over 200 new posts, and one over a site where nothing is new: howdah, the floor, and the peers, in turn."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.measure import HOWDAH, PYTHON, Row, Usage, run
from benchmarks.peers import PEERS, MissingPeerError, Peer
from benchmarks.stage import Stage, stage

POSTS = 200
ROUNDS = 3
FLOOR = "Mastodon.py alone"
# Of each: the pass over new posts, and the pass after it.
_Passes = tuple[Usage, Usage | None]
_SLOW = 0.05


def rows() -> Iterator[Row]:
    """The passes of every tool, round by round; then howdah's over the floor's where the instance takes its time."""
    taken: dict[str, list[_Passes]] = defaultdict(list)
    missing: dict[str, str] = {}
    tools = {"howdah": _howdah, FLOOR: _bare} | {peer.title: partial(_peer, peer) for peer in PEERS}
    for number in range(ROUNDS + 1):  # the first one warms up
        for name, tool in tools.items():
            if name not in missing:
                passes = _attempt(tool, name, missing)
                if number and passes:
                    taken[name].append(passes)
    yield from _new(taken, missing)
    yield from _unchanged(taken, missing)
    yield _at_a_slow_instance()


def _new(taken: dict[str, list[_Passes]], missing: dict[str, str]) -> Iterator[Row]:
    for what, read, meant in (("CPU", _cpu, "≤ 2"), ("wall", _wall, "≤ 2 on a quiet disk")):
        ours = tuple(read(first) for first, _ in taken["howdah"])
        for name in (FLOOR, *(peer.title for peer in PEERS)):
            beside = tuple(read(first) for first, _ in taken[name]) if name not in missing else ()
            yield Row(
                what=f"{POSTS} new posts, {what}",
                unit="s",
                values=ours,
                other=name,
                beside=beside,
                missing=missing.get(name, ""),
                meant=meant if name == FLOOR else "≤ 1" if name.startswith("feed2fedi") else "",
            )


def _unchanged(taken: dict[str, list[_Passes]], missing: dict[str, str]) -> Iterator[Row]:
    ours = tuple(_cpu(second) for _, second in taken["howdah"] if second)
    for peer in PEERS:
        beside = tuple(_cpu(second) for _, second in taken[peer.title] if second)
        yield Row(
            what="a pass where nothing is new, CPU",
            unit="s",
            values=ours,
            other=peer.title,
            beside=beside if peer.title not in missing else (),
            missing=missing.get(peer.title, ""),
            meant="howdah ≤ 0.40 s" if peer is PEERS[0] else "",
        )


def _attempt(tool: Callable[[], _Passes], name: str, missing: dict[str, str]) -> _Passes | None:
    """A tool's passes; where it can't be had, or doesn't do its work here, that is noted and it is left out."""
    try:
        return tool()
    except (MissingPeerError, AssertionError) as error:
        if name in ("howdah", FLOOR):
            raise
        missing[name] = " ".join(str(error).split())
        return None


def _howdah() -> _Passes:
    with stage(POSTS) as here:
        run([HOWDAH, "--config", here.config, "list"])  # makes the store, which happens once
        return _passes(here, [HOWDAH, "--quiet", "--config", here.config, "sync"])


def _peer(peer: Peer) -> _Passes:
    with stage(POSTS) as here:
        return _passes(here, peer.command(here))


def _passes(here: Stage, command: list[str]) -> _Passes:
    first = run(command, cwd=here.folder)
    assert here.published() == POSTS, f"it published {here.published()} of {POSTS}"
    second = run(command, cwd=here.folder)
    assert here.published() == POSTS, "it published again"
    return first, second


def _bare(seconds_a_status: float = 0.0) -> _Passes:
    with stage(0, seconds_a_status=seconds_a_status) as here:
        return run([PYTHON, "-m", "benchmarks.bare", "publish", here.instance, here.token, str(POSTS)]), None


def _at_a_slow_instance() -> Row:
    def ours() -> float:
        with stage(POSTS, seconds_a_status=_SLOW) as here:
            run([HOWDAH, "--config", here.config, "list"])
            taken = run([HOWDAH, "--quiet", "--config", here.config, "sync"])
            assert here.published() == POSTS
            return taken.wall

    values, beside = (ours(),), (_bare(_SLOW)[0].wall,)  # it is mostly waiting, which takes the same each time
    what = f"{POSTS} new posts, wall, an instance that takes 50 ms for each"
    return Row(what=what, unit="s", values=values, other=FLOOR, beside=beside, meant="≤ 1.3")


def _cpu(usage: Usage) -> float:
    return usage.cpu


def _wall(usage: Usage) -> float:
    return usage.wall
