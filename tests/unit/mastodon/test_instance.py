"""What instances say of themselves, as known servers say it and as none should."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.models import Limits
from bot.mastodon.instance import is_usable, limits_of, nodeinfo_address, software_by, software_of

INSTANCES = Path(__file__).parent / "instances"
INSTANCE = "https://social.example"
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mastodon-4.6", (500, 4, 10_000, 16_777_216, 33_177_600, "mastodon", "4.6.5")),
        ("glitch", (5000, 4, 10_000, 16_777_216, 33_177_600, "mastodon", "4.6.5+glitch")),
        ("gotosocial", (5000, 6, 1500, 41_943_040, 16_777_216, "gotosocial", "0.20.0+git-57cb4fe")),
        ("pleroma", (5000, 1000, 5000, 16_000_000, 0, "pleroma", "2.7.2 (compatible; Pleroma 2.5.0)")),
        ("takahe", (500, 4, 1500, 10_485_760, 33_177_600, "takahe", "takahe/0.11.0")),
        ("snac", (100_000, 4, 1500, 0, 0, "snac", "4.0.0 (not true; really snac/2.96)")),
        ("pixelfed", (500, 10, 1500, 15_360_000, 0, "pixelfed", "3.5.3 (compatible; Pixelfed 0.12.4)")),
        (
            "iceshrimp",
            (8192, 16, 1500, 10_485_760, 0, "iceshrimp.net", "4.2.1 (compatible; Iceshrimp.NET/2025.1-beta5)"),
        ),
    ],
)
def test_known_servers(name: str, expected: tuple[Any, ...]) -> None:
    """Each server's documents give its limits and its software, with v1 where v2 is missing."""
    documents = json.loads((INSTANCES / f"{name}.json").read_text())

    limits = limits_of([documents["v2"], documents.get("v1")])

    assert expected == (
        limits.max_characters,
        limits.max_media_attachments,
        limits.description_limit,
        limits.image_size_limit,
        limits.image_matrix_limit,
        limits.software,
        limits.version,
    )


def test_mime_types() -> None:
    """The types come from the first document that has any, lower case, each once, and only what is text."""
    types = ["image/PNG", "image/png", None, 7, "", "image/webp"]

    limits = limits_of([{"configuration": {"media_attachments": {"supported_mime_types": "image/png"}}}, _media(types)])

    assert ("image/png", "image/webp") == limits.supported_mime_types


def test_nothing_said() -> None:
    """An instance that says nothing has Mastodon's defaults."""
    assert Limits() == limits_of([None, None])


@pytest.mark.parametrize("value", [None, "many", "", "-6", -5, 0, 10**15, "9" * 5000, "5e3", 5.5, True, [], {}])
def test_senseless_numbers(value: object) -> None:
    """A number that makes no sense is as good as none."""
    document = {"configuration": {"statuses": {"max_characters": value}}, "max_toot_chars": value}

    assert 500 == limits_of([document]).max_characters


@given(st.lists(ANY_JSON, max_size=2))
def test_any_document(documents: list[object]) -> None:
    """Whatever the documents are, there are limits."""
    assert limits_of(documents).max_characters >= 1


@pytest.mark.parametrize(
    ("document", "usable"),
    [({"configuration": {}}, True), ({"configuration": None}, False), ({}, False), ([], False), (None, False)],
)
def test_is_usable(document: object, usable: bool) -> None:
    """A document without a configuration says nothing about limits."""
    assert usable is is_usable(document)


@pytest.mark.parametrize(
    ("version", "software"),
    [
        ("4.5.0", "mastodon"),
        ("2.7.0", "mastodon"),
        ("v4.4.1", "mastodon"),
        ("4.7.0-alpha.2", "mastodon"),
        ("4.3.0rc1", "mastodon"),
        ("4.5.0-nightly.2025-10-01", "mastodon"),
        ("4.5.0+glitch", "mastodon"),
        ("4.5.0+glitch.th", "mastodon"),
        ("4.0.2+hometown-1.1.1", "hometown"),
        ("4.2.1+gotosocial-0.17.0", "gotosocial"),
        ("2.4.0", ""),
        ("0.17.3 git-abcdef", "gotosocial"),
        ("2.7.2 (compatible; Akkoma 3.10.4-0-gebfb617)", "akkoma"),
        ("2.8.0 (compatible; Friendica 2024.08)", "friendica"),
        ("4.2.1 (compatible; Sharkey 2024.9)", "sharkey"),
        ("4.0.0 (not true; really snac/2.96)", "snac"),
        ("takahe/0.11.0", "takahe"),
        ("Takahe 0.11", "takahe"),
        ("", ""),
        ("unknown", ""),
        ("🦣", ""),
    ],
)
def test_software_of(version: str, software: str) -> None:
    """The version string tells the software, or nothing."""
    assert software == software_of(version)


@given(st.text())
def test_software_of_any_text(version: str) -> None:
    """Any version string will do."""
    assert software_of(version) == software_of(version).lower()


def test_nodeinfo_of_instance_wins() -> None:
    """What nodeinfo says goes before what the version looks like."""
    limits = limits_of([{"version": "4.2.0"}], nodeinfo={"version": "2.0", "software": {"name": "hometown"}})

    assert ("hometown", "4.2.0") == (limits.software, limits.version)


@pytest.mark.parametrize(
    ("said", "limit"), [(1000, 1000), ("2000", 2000), (None, 1500), ("many", 1500), (0, 1500), ([], 1500)]
)
def test_pixelfed_says_in_its_nodeinfo_how_long_a_description_may_be(said: object, limit: int) -> None:
    """Unless the instance's own documents say it."""
    nodeinfo = {"software": {"name": "pixelfed"}, "metadata": {"config": {"uploader": {"max_altext_length": said}}}}

    assert limit == limits_of([{}], nodeinfo=nodeinfo).description_limit
    assert 300 == limits_of([{"description_limit": 300}], nodeinfo=nodeinfo).description_limit


@given(ANY_JSON)
def test_limits_of_any_nodeinfo(nodeinfo: object) -> None:
    """Whatever it is, there are limits."""
    assert 500 == limits_of([None], nodeinfo=nodeinfo).max_characters


@pytest.mark.parametrize(
    ("links", "address"),
    [
        ([("2.0", f"{INSTANCE}/nodeinfo/2.0")], f"{INSTANCE}/nodeinfo/2.0"),
        ([("2.1", "/nodeinfo/2.1"), ("2.0", "/nodeinfo/2.0")], f"{INSTANCE}/nodeinfo/2.1"),
        ([("2.0", "https://elsewhere.example/nodeinfo")], ""),
        ([("2.0", "http://social.example/nodeinfo")], ""),
        ([("2.0", "https://social.example.evil.example/nodeinfo")], ""),
        ([("2.0", "https://[broken")], ""),
        ([("2.0", None)], ""),
        ([], ""),
    ],
)
def test_nodeinfo_address(links: list[tuple[str, str]], address: str) -> None:
    """The newest nodeinfo counts, and only on the instance's own scheme and host."""
    document = {"links": [{"rel": f"http://nodeinfo.diaspora.software/ns/schema/{v}", "href": h} for v, h in links]}

    assert address == nodeinfo_address(document, instance=INSTANCE)


@given(ANY_JSON)
def test_nodeinfo_of_any_kind(document: object) -> None:
    """Whatever the document is, there is an address or none, and a name or none."""
    assert "" == nodeinfo_address({"links": document}, instance=INSTANCE)
    assert "" == software_by({"software": document})


@pytest.mark.parametrize(("name", "software"), [("Mastodon", "mastodon"), ("a b", ""), (None, ""), ("x" * 65, "")])
def test_software_by(name: object, software: str) -> None:
    """A nodeinfo's name is taken where it is a name."""
    assert software == software_by({"software": {"name": name}})


def _media(types: object) -> dict[str, Any]:
    return {"configuration": {"media_attachments": {"supported_mime_types": types}}}
