"""A folder of small wheels that stand for the packages of a lock: same names, versions, requirements; no code."""

import base64
import hashlib
import re
import zipfile
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path

NEWER = "99999"
# What decides over a resolution: the rest of a package's metadata is left out.
_KEPT = ("Requires-Dist", "Requires-Python", "Provides-Extra")
_REQUIREMENT = re.compile(
    r"(?m)^(?P<name>[\w.-]+)==(?P<version>[\w.+!-]+)(?P<marker> ;[^\\\n]*)? \\\n(?:    --hash=.*\n)+"
)


@dataclass(frozen=True, kw_only=True)
class Index:
    """The folder that pip is shown, and each wheel's hash by name and version."""

    folder: Path
    hashes: dict[tuple[str, str], str] = field(default_factory=dict)

    def offer(self, name: str, version: str, *, like: Distribution) -> None:
        """Put a release of a package into the folder that requires what an installed one does; once."""
        if (_normal(name), version) in self.hashes:
            return
        stem = f"{_normal(name).replace('-', '_')}-{version}"
        path = self.folder / f"{stem}-py3-none-any.whl"
        metadata = "".join(f"{key}: {value}\n" for key in _KEPT for value in like.metadata.get_all(key) or ())
        files = {
            "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{metadata}",
            "WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        with zipfile.ZipFile(path, "w") as wheel:
            record = f"{stem}.dist-info/RECORD"
            lines = [f"{stem}.dist-info/{file},{_digest(text)},{len(text)}\n" for file, text in files.items()]
            for file, text in files.items():
                wheel.writestr(f"{stem}.dist-info/{file}", text)
            wheel.writestr(record, "".join(lines) + f"{record},,\n")
        self.hashes[_normal(name), version] = hashlib.sha256(path.read_bytes()).hexdigest()

    def lock(self, lock: Path) -> Path:
        """Offer what a lock names and is installed here, and a newer release of each: the lock with these hashes.

        What isn't installed is for another kind of machine; its lines stay as they are.
        """
        installed = {_normal(each.name): each for each in distributions()}

        def replaced(found: re.Match[str]) -> str:
            name, version, marker = found["name"], found["version"], found["marker"] or ""
            known = installed.get(_normal(name))
            if known is None or known.version != version:
                return found[0]
            self.offer(name, version, like=known)
            self.offer(name, NEWER, like=known)
            return f"{name}=={version}{marker} \\\n    --hash=sha256:{self.hashes[_normal(name), version]}\n"

        path = self.folder / lock.name
        path.write_text(_REQUIREMENT.sub(replaced, lock.read_text()))
        return path


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _digest(text: str) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
