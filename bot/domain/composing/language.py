"""Which language a status says it is in, in the form that instances take.

Mastodon knows the two-letter codes, some of three letters, and some kinds of Chinese; of anything else it takes what
stands before the first hyphen, and what it doesn't know then it leaves out. Other servers take a tag with its script
and region. GoToSocial refuses a status whose language is no real one: so what a site says is taken only where it is
known.
"""

import re

from bot.domain.models import Post, SiteInfo


def language_of(configured: str, post: Post, about: SiteInfo, *, in_full: bool = False) -> str:
    """The language of a post's status: what was configured, else the post's own, else its site's; '' where none is.

    A code that isn't known here is taken as it is from the config alone: a person has chosen it. in_full: with its
    script and region, for servers that don't go by Mastodon's list.
    """
    form = _in_full if in_full else _known
    return form(configured) or _chosen(configured) or form(post.language) or form(about.language)


# The codes that Mastodon knows (`app/helpers/languages_helper.rb`).
_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es
et eu fa ff fi fj fo fr fy ga gd gl gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk
kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny
oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sn so sq sr ss st su sv sw ta te tg th ti tk tl
tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
ast chr ckb cnr csb gsw jbo kab ldn lfn lzz moh nds ota pdc sco sma smj szl tok vai xal xmf zba zgh
"""
_LANGUAGES = frozenset(_CODES.split())
# ISO 639-2 and -3 for languages that have a code of two letters, WordPress's own names for some, and names that were
# changed: each with the code that Mastodon has.
_SAME = """
aar:aa abk:ab ave:ae afr:af aka:ak amh:am arg:an ara:ar ary:ar arz:ar arq:ar apc:ar acm:ar arb:ar asm:as ava:av aym:ay
aze:az azb:az azj:az bak:ba bel:be bul:bg bih:bh bis:bi bam:bm ben:bn bod:bo tib:bo bre:br bos:bs cat:ca che:ce cha:ch
cos:co cre:cr ces:cs cze:cs chu:cu chv:cv cym:cy wel:cy dan:da deu:de ger:de div:dv dzo:dz ewe:ee ell:el gre:el eng:en
epo:eo spa:es est:et ekk:et eus:eu baq:eu fas:fa per:fa pes:fa prs:fa haz:fa ful:ff fuc:ff fuv:ff fin:fi fij:fj fao:fo
fra:fr fre:fr fry:fy gle:ga gla:gd glg:gl guj:gu glv:gv hau:ha heb:he iw:he hin:hi hmo:ho hrv:hr hat:ht hun:hu hye:hy
arm:hy her:hz ina:ia ind:id in:id ile:ie ibo:ig iii:ii ipk:ik ido:io isl:is ice:is ita:it iku:iu jpn:ja jav:jv jw:jv
kat:ka geo:ka kon:kg kik:ki kua:kj kaz:kk kal:kl khm:km kan:kn kor:ko kau:kr kas:ks kur:ku kmr:ku kom:kv cor:kw kir:ky
lat:la ltz:lb lug:lg lim:li lin:ln lao:lo lit:lt lub:lu lav:lv lvs:lv mlg:mg plt:mg mah:mh mri:mi mao:mi mkd:mk mac:mk
mal:ml mon:mn khk:mn mar:mr msa:ms may:ms zsm:ms mlt:mt mya:my bur:my nau:na nob:nb nde:nd nep:ne npi:ne ndo:ng nld:nl
dut:nl nno:nn nor:no nbl:nr nav:nv nya:ny oci:oc oji:oj orm:om ori:or ory:or oss:os pan:pa pli:pi pol:pl pus:ps por:pt
que:qu roh:rm run:rn ron:ro rum:ro mo:ro mol:ro rus:ru kin:rw san:sa srd:sc snd:sd sme:se sag:sg sin:si slk:sk slo:sk
slv:sl sna:sn som:so sqi:sq alb:sq als:sq srp:sr sh:sr ssw:ss sot:st sun:su swe:sv swa:sw swh:sw tam:ta tel:te tgk:tg
tha:th tir:ti tuk:tk tgl:tl fil:tl tsn:tn ton:to tur:tr tso:ts tat:tt twi:tw tah:ty uig:ug ukr:uk urd:ur uzb:uz uzn:uz
ven:ve vie:vi vol:vo wln:wa wol:wo xho:xh yid:yi ydd:yi ji:yi yor:yo zha:za zho:zh chi:zh cmn:zh zul:zu
me:cnr yue:zh-YUE nan:nan-TW
"""
_OTHER_NAMES = dict(pair.split(":") for pair in _SAME.split())
_CHINESE = {
    "CN": "zh-CN", "SG": "zh-CN", "HK": "zh-HK", "MO": "zh-HK", "TW": "zh-TW", "YUE": "zh-YUE", "NAN": "nan-TW",
    "HANS": "zh-CN", "HANT": "zh-TW",
}  # fmt: skip
# What other servers call the languages that Mastodon has names of its own for, or takes for another.
_STANDARD = {"zh-YUE": "yue", "nan-TW": "nan"}
_OWN_NAMES = frozenset({"fil", "ary", "arz", "arq", "apc", "acm", "azb", "prs", "haz", "kmr"})
# Those that Mastodon doesn't know, and WordPress speaks.
_RARER_CODES = "bal bcc bho ceb fur frp hak haw hsb dsb kaa lij lmo mai mfe nqo pap pcm rhg rue sah sat skr tzm vec wuu"
_RARER = frozenset(_RARER_CODES.split())
# As an operating system names a language: sr_RS.UTF-8@latin.
_ENCODING = re.compile(r"[.@].*", re.DOTALL)
_SCRIPT, _REGION = re.compile(r"[A-Za-z]{4}"), re.compile(r"[A-Za-z]{2}|[0-9]{3}")


def _known(tag: str) -> str:
    """The language as Mastodon knows it; '' for one that it doesn't know."""
    primary, *others = _subtags(tag)
    primary = _OTHER_NAMES.get(primary, primary)
    if "-" in primary:
        return primary
    if primary not in _LANGUAGES:
        return ""
    # The region says more than the script: zh-Hant-HK.
    kinds = [_CHINESE[other.upper()] for other in reversed(others) if other.upper() in _CHINESE]
    return kinds[0] if primary == "zh" and kinds else primary


def _in_full(tag: str) -> str:
    """The language with the script and the region that a tag names; '' for one that isn't known."""
    said, *others = _subtags(tag)
    known = said if said in _RARER | _OWN_NAMES else _known(tag)
    primary = _STANDARD.get(known, known.partition("-")[0])
    script = next((other.title() for other in others[:1] if _SCRIPT.fullmatch(other)), "")
    region = next((other.upper() for other in others[:2] if _REGION.fullmatch(other)), "")
    return "-".join(part for part in (primary, script, region) if part) if primary else ""


def _chosen(tag: str) -> str:
    """The language as a person wrote it; '' where no language could be called so."""
    primary = _subtags(tag)[0]
    return primary if primary.isascii() and primary.isalpha() and len(primary) in (2, 3) else ""


def _subtags(tag: str) -> list[str]:
    bare = _ENCODING.sub("", tag.strip())
    first, *others = bare.replace("_", "-").split("-")
    return [first.lower(), *others]
