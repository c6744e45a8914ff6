"""Which language a status says it is in, in the form that instances take.

Mastodon knows the two-letter codes, some of three letters, and four kinds of Chinese; of anything else it takes what
stands before the first hyphen, and what it doesn't know then it leaves out. GoToSocial refuses a status whose language
is no real one: so what a site says is taken only where it is known.
"""

from bot.domain.models import Post, SiteInfo


def language_of(configured: str, post: Post, about: SiteInfo) -> str:
    """The language of a post's status: what was configured, else the post's own, else its site's; '' where none is.

    A code that isn't known here is taken as it is from the config alone: a person has chosen it.
    """
    return _known(configured) or _chosen(configured) or _known(post.language) or _known(about.language)


# The codes that Mastodon knows (`app/helpers/languages_helper.rb`).
_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es
et eu fa ff fi fj fo fr fy ga gd gl gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk
kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny
oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sn so sq sr ss st su sv sw ta te tg th ti tk tl
tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
ast chr ckb cnr jbo kab ldn lfn sco sma smj szl tok xal zba zgh
"""
_LANGUAGES = frozenset(_CODES.split())
# Locales of WordPress that have three letters where there is a code of two.
_SHORTER = {
    "arg": "an", "ary": "ar", "bel": "be", "bre": "br", "cor": "kw", "ewe": "ee", "hat": "ht", "kal": "kl",
    "kin": "rw", "kir": "ky", "kmr": "ku", "lin": "ln", "mri": "mi", "oci": "oc", "ory": "or", "roh": "rm",
    "snd": "sd", "srd": "sc", "ssw": "ss", "tah": "ty", "tir": "ti", "tuk": "tk", "wol": "wo", "xho": "xh",
    "zul": "zu",
}  # fmt: skip
_CHINESE = {
    "CN": "zh-CN", "SG": "zh-CN", "HK": "zh-HK", "MO": "zh-HK", "TW": "zh-TW", "YUE": "zh-YUE",
    "HANS": "zh-CN", "HANT": "zh-TW",
}  # fmt: skip


def _known(tag: str) -> str:
    """The language as Mastodon knows it; '' for one that it doesn't know."""
    primary, *others = _subtags(tag)
    primary = _SHORTER.get(primary, primary)
    if primary not in _LANGUAGES:
        return ""
    # The region says more than the script: zh-Hant-HK.
    kinds = [_CHINESE[other.upper()] for other in reversed(others) if other.upper() in _CHINESE]
    return kinds[0] if primary == "zh" and kinds else primary


def _chosen(tag: str) -> str:
    """The language as a person wrote it; '' where no language could be called so."""
    primary = _subtags(tag)[0]
    return primary if primary.isascii() and primary.isalpha() and len(primary) in (2, 3) else ""


def _subtags(tag: str) -> list[str]:
    first, *others = tag.strip().replace("_", "-").split("-")
    return [first.lower(), *others]
