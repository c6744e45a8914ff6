"""Posts as a real WordPress gives them, and the strategies that spoil them."""

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.hostile.mangling import REFUSAL, mangled

_RECORDED = Path(__file__).parents[2] / "data" / "wordpress"
RECORDS: list[dict[str, Any]] = [
    json.loads(file.read_text())["record"] | {"date": "2026-11-22T15:38:55", "status": "publish", "type": "post"}
    for file in sorted(_RECORDED.rglob("*.fields-embed.json"))
]


def is_record(value: object) -> bool:
    """Whether a record has an id, which is all that it must have."""
    number = value.get("id") if isinstance(value, dict) else None
    return isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**63


def spoilt_records() -> st.SearchStrategy[Any]:
    """A record of which something is wrong, or something else in its place; errors inside embeds among them."""
    embedded = ["author", "wp:term", "wp:featuredmedia"]
    refused = st.builds(
        lambda record, name: record | {"_embedded": record.get("_embedded", {}) | {name: [REFUSAL]}},
        st.sampled_from(RECORDS),
        st.sampled_from(embedded),
    )
    return st.one_of(st.sampled_from(RECORDS).flatmap(mangled), refused, st.just(REFUSAL))


@st.composite
def answers(draw: Any) -> tuple[list[Any], list[dict[str, Any]]]:
    """A list of records of which some are spoilt, and the good ones among them, each once."""
    good = draw(st.lists(st.sampled_from(RECORDS), max_size=4, unique_by=lambda record: record["id"]))
    bad = draw(st.lists(spoilt_records(), max_size=3))
    taken = {record["id"] for record in good}
    # A spoilt record that still has the id of a good one is that post, as far as anyone can tell.
    bad = [value for value in bad if not (is_record(value) and value["id"] in taken)]
    return draw(st.permutations([*good, *bad])), good
