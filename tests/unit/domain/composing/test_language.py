"""The language of a status: whose word counts, and in which form."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.composing.language import language_of
from bot.domain.models import Post, SiteInfo


def language(*, configured: str = "", post: str = "", site: str = "") -> str:
    """The language of a status."""
    return language_of(configured, Post(id=1, link="", language=post), SiteInfo(language=site))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"configured": "de", "post": "fr", "site": "en-GB"}, "de"),
        ({"post": "fr-CA", "site": "en-GB"}, "fr"),
        ({"site": "en-GB"}, "en"),
        ({"configured": "x", "post": "all", "site": "en"}, "en"),
        ({"post": "english", "site": ""}, ""),
        ({}, ""),
    ],
)
def test_the_config_speaks_first_then_the_post_then_the_site(said: dict[str, str], expected: str) -> None:
    """What isn't a language isn't heard."""
    assert expected == language(**said)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "en"),
        ("EN_us", "en"),
        ("pt-BR", "pt"),
        ("de-DE-formal", "de"),
        ("sr-Latn", "sr"),
        ("nb-NO", "nb"),
        ("ckb", "ckb"),
        ("bel", "be"),
        ("kmr", "ku"),
        ("zh", "zh"),
        ("zh-CN", "zh-CN"),
        ("zh_TW", "zh-TW"),
        ("zh-hk", "zh-HK"),
        ("zh-Hant", "zh-TW"),
        ("zh-Hans-SG", "zh-CN"),
        ("zh-Hant-HK", "zh-HK"),
        ("zh-yue", "zh-YUE"),
        ("zh-XX", "zh"),
        ("de-CN", "de"),
        (" fr ", "fr"),
        ("gsw", "gsw"),
        ("de-gsw", "de"),
        ("nds-NL", "nds"),
        ("me_ME", "cnr"),
        ("yue", "zh-YUE"),
        ("nan", "nan-TW"),
        ("zh-nan", "nan-TW"),
        ("hau", "ha"),
        ("fil", "tl"),
        ("twi", "tw"),
        ("eng", "en"),
        ("ger-AT", "de"),
        ("deu", "de"),
        ("fre", "fr"),
        ("cze", "cs"),
        ("fas-AF", "fa"),
        ("arz", "ar"),
        ("cmn-Hant", "zh-TW"),
        ("iw-IL", "he"),
        ("vai", "vai"),
        ("pdc", "pdc"),
        ("csb", "csb"),
        ("en_US.UTF-8", "en"),
        ("sr_RS@latin", "sr"),
        ("ceb", ""),
        ("xx", ""),
        ("foo", ""),
        ("und", ""),
        ("e", ""),
        ("-en", ""),
        ("en GB", ""),
        ("ëñ", ""),
        ("", ""),
    ],
)
def test_a_site_is_heard_where_instances_know_the_language(tag: str, expected: str) -> None:
    """Mastodon's own codes: regions only of Chinese, and two letters where there are two."""
    assert expected == language(site=tag) == language(post=tag)


@pytest.mark.parametrize(
    ("tag", "expected"), [("gsw", "gsw"), ("GSW-CH", "gsw"), ("pt-BR", "pt"), ("nonsense", ""), ("a1", ""), ("ß", "")]
)
def test_a_person_may_choose_a_rarer_language(tag: str, expected: str) -> None:
    """Nobody here knows all of them; the instance may."""
    assert expected == language(configured=tag)


@given(st.text(), st.text(), st.text())
def test_any_text_is_a_language_or_none(configured: str, post: str, site: str) -> None:
    """Nothing but a tag of letters is ever sent."""
    assert re.fullmatch(r"([a-z]{2,3}(-[A-Z]{2,3})?)?", language(configured=configured, post=post, site=site))


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("pt_br", "pt-BR"),
        ("en", "en"),
        ("de-DE-formal", "de-DE"),
        ("sr-latn-rs", "sr-Latn-RS"),
        ("zh-TW", "zh-TW"),
        ("es-419", "es-419"),
        ("yue-HK", "yue-HK"),
        ("nan", "nan"),
        ("fil-PH", "fil-PH"),
        ("ary", "ary"),
        ("ceb_PH", "ceb-PH"),
        ("zh_TW.UTF-8", "zh-TW"),
        ("hau", "ha"),
        ("me", "cnr"),
        ("foo-BA", ""),
        ("", ""),
    ],
)
def test_in_full(tag: str, expected: str) -> None:
    """Where a server doesn't go by Mastodon's list, it gets the whole tag in its standard form."""
    assert expected == language_of("", Post(id=1, link="", language=tag), SiteInfo(), in_full=True)
