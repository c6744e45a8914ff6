"""What one of the checks of `howdah check` found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found.

    kind: "config", "store", "site" or "account". advice: what to do, or what is worth a thought though all is well; ''
    for nothing.
    """

    kind: str
    name: str
    ok: bool
    message: str
    advice: str = ""
