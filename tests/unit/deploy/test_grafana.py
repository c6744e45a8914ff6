"""The dashboard and the alert rules: they ask for what /metrics says, and Prometheus takes them."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.web.visitor import Visit, basic

GRAFANA = Path(__file__).parents[3] / "deploy/grafana"
PROMTOOL = shutil.which("promtool")
METRIC = re.compile(r"\bhowdah_\w+")
# What a family is called by in a query, beside its own name.
SUFFIXES = re.compile(r"_(bucket|sum|count|total)$")


def said() -> set[str]:
    """The families of /metrics."""
    text = Visit().client.get("/metrics", headers=basic()).text
    return {SUFFIXES.sub("", line.split()[2]) for line in text.splitlines() if line.startswith("# TYPE ")}


def test_what_is_asked_for_is_there() -> None:
    """By the rules and by each panel; and each family is on the dashboard or in a rule."""
    panels = json.loads((GRAFANA / "dashboard.json").read_text())["panels"]
    asked = " ".join(target["expr"] for panel in panels for target in panel.get("targets", []))
    names = {SUFFIXES.sub("", name) for name in METRIC.findall(asked + (GRAFANA / "alerts.yml").read_text())}

    assert names <= said()
    assert {"howdah_look_failures"} >= said() - names


def test_what_several_daemons_say_alike_is_not_added_up() -> None:
    """On one database each has the same gauges: of those a panel takes the largest or the smallest, never the sum."""
    panels = json.loads((GRAFANA / "dashboard.json").read_text())["panels"]
    text = Visit().client.get("/metrics", headers=basic()).text
    for gauge in re.findall(r"# TYPE (howdah_\w+) gauge", text):
        for expr in (target["expr"] for panel in panels for target in panel.get("targets", [])):
            before = expr.partition(gauge)[0] if re.search(rf"\b{gauge}\b", expr) else "max("
            assert re.search(r"(max|min)( by \([\w, ]+\))? ?\($", before), expr


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not here (package prometheus)")
@pytest.mark.parametrize("command", [["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]])
def test_prometheus_takes_the_rules(command: list[str]) -> None:
    """They are read without a complaint, and fire when they should and not before."""
    done = subprocess.run([str(PROMTOOL), *command], cwd=GRAFANA, capture_output=True, text=True, check=False)

    assert 0 == done.returncode, done.stdout + done.stderr
