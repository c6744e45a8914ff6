"""What stands in deploy/ keeps to the rules that its readers rely on."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import load
from bot.crosspost.threads import MOST_SITE_THREADS, SHARED_THREADS

DEPLOY = Path(__file__).parents[3] / "deploy"
SERVICES = ("howdah", "howdah-sync")
HARDENING = re.compile(r"^NoNewPrivileges=.*?^TasksMax=\d+$", re.MULTILINE | re.DOTALL)


def unit(name: str) -> str:
    """A systemd unit's text."""
    return (DEPLOY / "systemd" / name).read_text()


def manifests() -> dict[str, dict[str, Any]]:
    """The example's objects by kind."""
    text = (DEPLOY / "kubernetes/howdah.yaml").read_text()
    return {manifest["kind"]: manifest for manifest in yaml.safe_load_all(text)}


def test_there_is_room_for_every_thread() -> None:
    """One for each of hundreds of instances, and all that sites and accounts share: without one, posts wait."""
    limits = [int(re.findall(r"^TasksMax=(\d+)$", unit(f"{name}.service"), re.MULTILINE)[0]) for name in SERVICES]
    limits.append(yaml.safe_load((DEPLOY / "compose/compose.yaml").read_text())["services"]["howdah"]["pids_limit"])

    assert all(limit >= 2 * (MOST_SITE_THREADS + 2 * SHARED_THREADS) for limit in limits)


def test_there_is_room_for_every_connection() -> None:
    """Each thread may have one, beside some files: the 1,024 that a process may open by default are fewer."""
    compose = yaml.safe_load((DEPLOY / "compose/compose.yaml").read_text())["services"]["howdah"]
    limits = [int(re.findall(r"^LimitNOFILE=(\d+)$", unit(f"{name}.service"), re.MULTILINE)[0]) for name in SERVICES]

    assert all(limit >= 2 * compose["pids_limit"] for limit in [*limits, compose["ulimits"]["nofile"]])


class TestSystemd:
    """The units."""

    def test_both_services_are_hardened_alike(self) -> None:
        """The daemon and the pass may do the same."""
        daemon, one_pass = (HARDENING.search(unit(f"{name}.service")) for name in SERVICES)

        assert daemon is not None
        assert one_pass is not None
        assert daemon[0] == one_pass[0]

    @pytest.mark.parametrize(
        "line",
        [
            "Type=notify",
            "WatchdogSec=120",
            "TimeoutStartSec=15min",
            "Restart=always",
            "RestartPreventExitStatus=2",
            "StartLimitIntervalSec=0",
            "LoadCredential=howdah:/etc/howdah/credentials/",
        ],
    )
    def test_the_daemon(self, line: str) -> None:
        """It has time to upgrade its store, is restarted when it hangs, and not when its config is wrong."""
        assert line in unit("howdah.service").splitlines()

    @pytest.mark.parametrize("name", ["howdah.service", "howdah-sync.service", "howdah-command"])
    def test_secrets_come_as_credentials(self, name: str) -> None:
        """Whatever runs beside the daemon has the same ones."""
        assert "LoadCredential=howdah:/etc/howdah/credentials/" in unit(name)


class TestContainer:
    """The image."""

    def test_user(self) -> None:
        """It doesn't run as root."""
        assert "USER 10001:10001" in (DEPLOY / "container/Containerfile").read_text()

    def test_only_what_is_needed_gets_in(self) -> None:
        """Neither a config nor a store nor a token of the folder that it is built in."""
        allowed = [line for line in (DEPLOY.parent / ".dockerignore").read_text().splitlines() if line.startswith("!")]

        assert "*" == (DEPLOY.parent / ".dockerignore").read_text().splitlines()[0]
        assert ["!bot", "!pyproject.toml", "!README.md", "!LICENSE"] == allowed[:4]

    @pytest.mark.parametrize("name", ["compose.yaml", "postgresql.yaml"])
    def test_compose_names_no_secret(self, name: str) -> None:
        """Passwords and tokens come from files."""
        text = (DEPLOY / "compose" / name).read_text()

        assert not re.search(r"(?i)(password|token):\s*\S", re.sub(r"(?i)_FILE: .*|\.password:?\]?.*", "", text))


class TestKubernetes:
    """The example."""

    def test_pods_may_do_nothing_beyond_their_work(self) -> None:
        """No root, no writable root, no capability, no token of the cluster."""
        pod = manifests()["Deployment"]["spec"]["template"]["spec"]
        [container] = pod["containers"]

        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        assert {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        } == container["securityContext"]

    def test_an_upgrade_has_time_and_no_older_howdah_beside_it(self) -> None:
        """All pods end before a new one upgrades the store, which may take minutes."""
        deployment = manifests()["Deployment"]["spec"]
        probe = deployment["template"]["spec"]["containers"][0]["startupProbe"]

        assert "Recreate" == deployment["strategy"]["type"]
        assert 900 <= probe["periodSeconds"] * probe["failureThreshold"]

    def test_its_config_is_one(self, tmp_path: Path) -> None:
        """What the example mounts is read without a problem, and so is every secret that it names."""
        path = tmp_path / "config.toml"
        path.write_text(manifests()["ConfigMap"]["data"]["config.toml"])
        path.chmod(0o600)

        secrets = tmp_path / "secrets"
        secrets.mkdir()
        mounted = manifests()["Secret"]["stringData"] | {"blog.token": "a-token"}
        for name, text in mounted.items():
            (secrets / name).write_text(text)

        config = load(path)
        environ = {"CREDENTIALS_DIRECTORY": str(secrets)}

        assert mounted["blog.token"] == config.token("blog", environ).reveal()
        assert mounted["web.password"] == config.web_password(environ).reveal()
        assert config.state.url.startswith("postgresql://")
