"""The man page and the shells' completions, made from the parser of the command line."""

import argparse
import gzip
import re
import time
from collections.abc import Iterator
from pathlib import Path

import shtab
from argparse_manpage.manpage import Manpage

from sdedit_desktop import __version__
from sdedit_desktop.cli.main import make_parser

NAME = "sdedit-desktop"


def man_page(epoch: int) -> bytes:
    """The compressed man page, with the date of the source."""
    parser = make_parser()
    parser.man_short_description = "paint coarse strokes, get photographs"  # type: ignore[attr-defined]
    page = Manpage(parser, format="pretty")
    page.date = time.strftime("%Y-%m-%d", time.gmtime(epoch))
    page.version = f"SDEdit Desktop {__version__}"
    page.manual = "User Commands"
    page.source = "SDEdit Desktop"
    # A line of text that begins with a quote would be a request of roff's.
    text = re.sub(r"^'", r"\\(aq", str(page), flags=re.MULTILINE)
    return gzip.compress(text.encode(), 9, mtime=0)


def completions() -> dict[str, str]:
    """Each shell's place for completions below ``share``, and what belongs there."""
    parser = make_parser()
    for action, _command in _actions(parser):
        if action.type is Path or action.metavar in ("PATH", "FOLDER", "FILE"):
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    return {
        f"bash-completion/completions/{NAME}": shtab.complete(parser, "bash"),
        f"zsh/vendor-completions/_{NAME}": shtab.complete(parser, "zsh"),
        f"fish/vendor_completions.d/{NAME}.fish": _fish(parser),
    }


def _actions(
    parser: argparse.ArgumentParser, command: tuple[str, ...] = ()
) -> Iterator[tuple[argparse.Action, tuple[str, ...]]]:
    """All arguments of a parser and of its commands, with the words of the command."""
    for action in parser._actions:
        yield action, command
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from _actions(inner, (*command, name))


def _fish(parser: argparse.ArgumentParser) -> str:
    """Completions for fish, which shtab does not write."""
    lines = []
    for action, command in _actions(parser):
        seen = f"'__fish_seen_subcommand_from {command[-1]}'" if command else ""
        when = seen or "__fish_use_subcommand"
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                lines.append(_line(when, f"-a {choice.dest}", choice.help))
            continue
        words = [f"-s {word[1:]}" for word in action.option_strings if len(word) == 2]
        words += [f"-l {word[2:]}" for word in action.option_strings if word.startswith("--")]
        if words:
            if action.choices:
                words.append("-x -a " + _quoted(" ".join(map(str, action.choices))))
            elif action.nargs != 0:
                words.append("-r")
            lines.append(_line(when, " ".join(words), action.help))
    return "\n".join(lines) + "\n"


def _line(when: str, words: str, help_: str | None) -> str:
    return f"complete -c {NAME} -n {when} {words} -d {_quoted((help_ or '').partition(' (')[0])}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
