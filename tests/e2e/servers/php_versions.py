"""PHP alone, in the versions that Debian's suites carry: what the companion plugin has to run on."""

from pathlib import Path

from tests.e2e.servers import cache, debian
from tests.e2e.servers.cache import UnavailableError

SUITES = {"7.4": "bullseye", "8.2": "bookworm", "8.4": "trixie"}


def fetch() -> None:
    """Put each version into the cache. UnavailableError, once all were tried, where some can't be had."""
    problems = []
    for version in SUITES:
        try:
            cache.provide(_name(version), lambda root, version=version: _build(root, version))  # type: ignore[misc]
        except UnavailableError as error:
            problems.append(f"{version}: {error}")
    if problems:
        raise UnavailableError("; ".join(problems))


def command(version: str) -> list[str]:
    """The command that runs a version without any configuration. UnavailableError where it wasn't fetched."""
    root = cache.find(_name(version))
    extensions = next((root / "usr/lib/php").glob("*/mbstring.so")).parent
    names = [name for name in ("json", "mbstring") if (extensions / f"{name}.so").is_file()]  # json is built in since 8
    settings = [f"extension_dir={extensions}", *(f"extension={name}" for name in names)]
    options = [word for setting in settings for word in ("-d", setting)]
    return [*debian.command(root, f"usr/bin/php{version}"), "-n", *options]


def _name(version: str) -> str:
    return f"php-{version}"


def _build(root: Path, version: str) -> None:
    debian.unpack(SUITES[version], root, complete=[f"php{version}-cli", f"php{version}-mbstring"])
