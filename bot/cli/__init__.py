"""The `howdah` command: what it is called with, and where each of its commands lives.

`howdah --help` has to be quick: nothing is imported here that it can do without. A command's module is imported when
the command is wanted, and what takes long, when it runs.
"""

import gc
import sys
import warnings

import click

from bot import __version__
from bot.cli.lazy import LazyGroup, Place

COMMANDS = {
    "adopt": Place("bot.cli.commands.moving:adopt", "Mark what an account has shared already."),
    "alerts": Place("bot.cli.commands.alerts:alerts", "Notices to people, when something needs them."),
    "backfill": Place("bot.cli.commands.moving:backfill", "Queue older posts."),
    "boost": Place("bot.cli.commands.mend:boost", "Boost the status of a post, instead of a second one."),
    "check": Place("bot.cli.commands.check:check", "Check config, store, sites and accounts."),
    "completion": Place("bot.cli.commands.completion:completion", "Print the completion script for a shell."),
    "config": Place("bot.cli.commands.config:config", "Show the config in effect, or its schema."),
    "db": Place("bot.cli.commands.db:db", "Back up the state store, or restore a backup."),
    "delete": Place("bot.cli.commands.mend:delete", "Delete the status of a post."),
    "demo": Place("bot.cli.commands.demo:demo", "Show how it works, on this machine alone."),
    "edit": Place("bot.cli.commands.mend:edit", "Change the words of a status that exists."),
    "help": Place("bot.cli.commands.help:show_help", "Show this help, or that of a command."),
    "import": Place("bot.cli.commands.moving:import_state", "Mark what another tool has shared already."),
    "init": Place("bot.cli.commands.init:init", "Make a config: find the site, sign in, see the first status."),
    "list": Place("bot.cli.commands.shares:list_shares", "List shares, newest first."),
    "login": Place("bot.cli.commands.login:login", "Sign in, and keep the token of an account."),
    "pause": Place("bot.cli.commands.pause:pause", "Let a site or an account rest."),
    "preview": Place("bot.cli.commands.preview:preview", "Show the status that a post would be."),
    "resume": Place("bot.cli.commands.pause:resume", "Let a site or an account that rests go on."),
    "retry": Place("bot.cli.commands.decide:retry", "Try shares anew that failed or are held."),
    "run": Place("bot.cli.commands.run:run", "Watch the sites and share what is new: the daemon."),
    "share": Place("bot.cli.commands.share:share", "Share posts by hand, now."),
    "show": Place("bot.cli.commands.shares:show", "Show all that is known of a post."),
    "skip": Place("bot.cli.commands.decide:skip", "Drop the shares of posts that are not to be."),
    "status": Place("bot.cli.commands.status:status", "Show sites, accounts, queue, and what needs a person."),
    "sync": Place("bot.cli.commands.run:sync", "Look at the sites and share what is due, once."),
}
# What requests, Beautiful Soup and dateutil load where they find it, and go without where not: what guesses encodings,
# and Windows' time zones with all of ctypes. Nobody asks for either here, and a daemon would keep 4 MiB of them.
UNUSED = ("charset_normalizer", "dateutil.tz.win")


@click.group("howdah", cls=LazyGroup, commands_at=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="howdah", message="%(prog)s %(version)s")
@click.option(
    "--config",
    "config_file",
    metavar="FILE",
    help="The config. Else: $HOWDAH_CONFIG, ./config.toml, ~/.config/howdah/config.toml, /etc/howdah/config.toml.",
)
@click.option("--verbose", is_flag=True, help="Log more, and show where an unexpected error comes from.")
@click.option("--quiet", is_flag=True, help="Say only what was asked for and what went wrong.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    help="How to log on stderr. `run` logs as text anyway, other commands only where this or --verbose is given.",
)
@click.pass_context
def cli(context: click.Context, *, config_file: str | None, verbose: bool, quiet: bool, log_format: str | None) -> None:
    """Share WordPress posts on Mastodon: never twice, never lost.

    \b
    POST is a post's URL, SITE/ID, or an ID where there is one site.
    Exit codes: 0 done; 1 something was left undone or refused (stderr says
    what); 2 the command line or the config is wrong.

    \b
    New here?  howdah demo    shows how it works, on this machine alone
               howdah init    asks a few questions, and makes your config
               howdah run     shares from then on, until it is stopped
    """
    if verbose and quiet:
        raise click.UsageError("--verbose and --quiet exclude each other.")
    from bot.cli import failures, logs
    from bot.cli.session import Session

    command = context.invoked_subcommand
    logs.set_up(level=logs.level(command, verbose=verbose, quiet=quiet, asked=log_format is not None), form=log_format)
    failures.say_as(log_format)
    context.obj = Session(config_file=config_file, quiet=quiet, logs_warnings=command == "run")


def main() -> None:
    """Run the command line and exit with its code."""
    from bot.cli.terminal.output import prepare

    # What a start makes stays to the end, and looking through it takes a tenth of the time: open_context() begins to.
    gc.disable()
    _leave_out_what_is_unused()
    prepare()
    _refuse_what_is_no_text(sys.argv[1:])
    try:
        cli(prog_name="howdah")
    finally:
        gc.freeze()  # Python would look through all that is left, twice, before it goes as well


def _leave_out_what_is_unused() -> None:
    """Let what is UNUSED be not found, without requests' warning that nobody guesses encodings."""
    for name in UNUSED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type] # None: not to be imported
    warnings.filterwarnings("ignore", message="Unable to find acceptable character detection dependency")


def _refuse_what_is_no_text(arguments: list[str]) -> None:
    """Exit where an argument's bytes aren't UTF-8: they could be sent to a server, but not be recorded."""
    for number, argument in enumerate(arguments, start=1):
        if any("\ud800" <= character <= "\udfff" for character in argument):
            from bot.cli.failures import Mistaken

            mistaken = Mistaken(f"argument {number} isn't UTF-8: {argument.encode(errors='replace').decode()!r}")
            mistaken.show()
            sys.exit(mistaken.exit_code)
