"""`howdah config`: what the config means, and its schema."""

import json

from tests.integration.cli.conftest import SITE, Howdah


class TestConfig:
    """The config itself."""

    def test_show_has_every_default_and_no_secret(self, howdah: Howdah) -> None:
        """As TOML."""
        said = howdah.run("config", "show").out

        assert f"[sites.{SITE}]" in said
        assert 'visibility = "public"' in said

    def test_schema(self, howdah: Howdah) -> None:
        """A JSON Schema, without any config."""
        howdah.config.unlink()
        schema = json.loads(howdah.run("config", "schema").out)

        assert "sites" in schema["properties"]
