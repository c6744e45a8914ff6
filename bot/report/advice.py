"""What to do about a site that refuses: each kind of refusal has words of its own, and advice of its own."""

import re
from types import MappingProxyType

_FEED = 'Or leave it so: with source = "auto" howdah reads the public feed.'
_FIREWALL = "let requests for /wp-json/ and /feed/ pass whose User-Agent begins with howdah/."
_ANY = "Open the site's address in a browser; howdah has to reach it and its REST API from this machine."
# The first that is found in what a site's error says counts.
_ADVICE = MappingProxyType(
    {
        r"itsec_rest_api_access_restricted": f"Solid Security (iThemes) closes the REST API to visitors: set WordPress "
        f"Tweaks → REST API to Default Access. {_FEED}",
        r"rest_(?:cannot_access|disabled|login_required|not_authenticated|unauthorized|not_logged_in|forbidden)": "A "
        "plugin (Disable REST API, SecuPress, Password Protected, …) closes the REST API to visitors: let it leave "
        f"wp/v2 open, or give howdah a login (user and password_file). {_FEED}",
        r"Just a moment|Attention Required|challenge": f"Cloudflare, or the like, wants to see a browser: {_FIREWALL}",
        r"[Ww]ordfence": "Wordfence blocks howdah: add its address to Firewall → Allowlisted IP addresses.",
        r"isn't let in|login for nobody's": "Make a new Application Password in the user's profile for its file, or "
        "look at docs/wordpress.md where it doesn't arrive.",
        r"has no post type": "post_type is WordPress's own name for it: /wp-json/wp/v2/types lists what the site has.",
        r"[Mm]aintenance": "The site is in maintenance; howdah looks again by itself. If it lasts: delete .maintenance",
        r"answered 429": "The site finds that howdah asks too often: set poll_every longer, or lift the limit for it.",
        r"answered 40[36]": f"A firewall of the site or its host refuses howdah: {_FIREWALL} {_FEED}",
        r"answered 500|broken JSON|bigger than": "The site fails at its own answer: its PHP error log says where.",
        r"(?i)certificate": "The site's certificate isn't valid for this machine: renew it, or look at the clock.",
        r"answered 50[234]|can't be reached|answer in time|no complete HTTP answer": _ANY,
        r"no WordPress REST API found|no REST API is there": "Look whether url is the address of a WordPress site with "
        "its sub-folder. Where only the REST API is switched off, the feed is read.",
        r"not a public address": "Set allow_private = true on the site if it is in your own network.",
        r"redirects from https to http": "Let the site redirect to https only, or give its final address as url.",
    }
)


def advice(message: str) -> str:
    """What to do about what a site's error says; a general word where its kind isn't known."""
    return next((said for pattern, said in _ADVICE.items() if re.search(pattern, message)), _ANY)
