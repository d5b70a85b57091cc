import ast
import copy
from pathlib import Path

from sdedit_desktop import errors
from sdedit_desktop.errors import AppError, FileFormatError
from sdedit_desktop.texts import Text

ROOT = Path(__file__).parent.parent / "sdedit_desktop"
TEMPLATES = {"Text"} | {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, AppError)
}

APART = {
    "errors.py: Text(sentence, *values)",
    "ui/translation.py: Text(translated(text.sentence), *values)",
    "editing/operations/brush_presets.py: Text(name)",
    "editing/presets.py: Text(name)",
    "editing/presets.py: Text(description)",
    "cli/progress.py: Text(event.sentence, *event.values)",
    "ui/training/dialog.py: Text(event.sentence, *event.values)",
    "ui/training/process.py: AppError(event.sentence, *event.values)",
    "editing/samples.py: Text(entry['title'])",
    "texts.py: Text(str(plain))",
    "texts.py: Text(str(plain[0]), *values)",
}
"""Where a template is handed on, or comes from a bundled file, a journal or another process."""


def test_a_text_reads_in_english_and_knows_its_template():
    text = Text("There is no {0} {1!r}.", "brush", "{soft}")
    assert text == "There is no brush '{soft}'."
    assert (text.sentence, text.values) == ("There is no {0} {1!r}.", ("brush", "{soft}"))
    assert Text("50 % {odd}") == "50 % {odd}"


def test_copies_know_their_template_as_well():
    text = copy.deepcopy(Text("It is {0}.", "{odd}"))
    assert (text, text.sentence, text.values) == ("It is {odd}.", "It is {0}.", ("{odd}",))


def test_errors_are_english_where_nobody_translates():
    assert str(FileFormatError("{0} is damaged.", "{a}.png")) == "{a}.png is damaged."
    assert str(FileFormatError("50 % {odd}")) == "50 % {odd}"


def put_together(path):
    """Calls whose text cannot be found in the code, and so has no translation."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(ast.Name(name), [ast.Constant(), *_]) if name in TEMPLATES:
                continue
            case ast.Call(ast.Name(name)) if name in TEMPLATES:
                yield f"{path.relative_to(ROOT).as_posix()}: {ast.unparse(node)}"
            case ast.Call(
                ast.Attribute(ast.Attribute(attr="noticed" | "message_posted"), "emit"), [said]
            ):
                if isinstance(said, ast.Constant | ast.JoinedStr):
                    yield f"{path.relative_to(ROOT).as_posix()}: {ast.unparse(node)}"


def test_sentences_for_the_user_stand_in_the_code_as_a_whole():
    found = {place for path in ROOT.rglob("*.py") for place in put_together(path)}
    assert found == APART
