"""No text that is shown goes around translation."""

import ast
import re
from pathlib import Path

import pytest

import sdedit_desktop
from sdedit_desktop.document.modes import BlendMode
from sdedit_desktop.editing.request import SOLVERS
from sdedit_desktop.ui import translation

PACKAGE = Path(sdedit_desktop.__file__).parent
MODULES = [PACKAGE / "app.py", *sorted((PACKAGE / "ui").rglob("*.py"))]
SHOWN_BY = re.compile(
    "set(Accessible(Name|Description)|ButtonText|Format|(Header)?Labels?|InformativeText|ItemText"
    "|PlaceholderText|Prefix|SpecialValueText|StatusTip|Suffix|TabText|Text|Title|ToolTip|WhatsThis"
    "|WindowTitle)|(add|insert)(Action|Button|Items?|Menu|Row|Section|Tab|ToolBar)|showMessage|say"
    "|_say|_introduce|about|critical|information|question|warning|get(Text|Int|Double|Item)"
    "|get(Open|Save)FileNames?|getExistingDirectory|QAction|QCheckBox|QDockWidget|QGroupBox|QLabel"
    "|QListWidgetItem|QMenu|QMessageBox|QPushButton|QRadioButton|QToolBar|QTreeWidgetItem|ActionSpec"
)
"""Of Qt, and of ours that hand on what they are given."""
SAME_EVERYWHERE = re.compile(
    r"<[^>]*>|\[\*\]|SDEdit Desktop|English|Deutsch|CUDA|Metal|px|\bx\b|t0"
)
FORMATS = re.compile(r"(PNG|TIFF|JPEG|WebP|AVIF) \([*. a-z]+\)")


def name_of(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def bare_texts(node):
    """Texts that an expression may stand for, except those that are being translated."""
    match node:
        case ast.Constant(str(text)):
            yield text
        case ast.Call(ast.Attribute(ast.Constant(str(text)), "format")):
            yield text
        case ast.JoinedStr(parts):
            for part in parts:
                yield from bare_texts(part)
        case ast.FormattedValue(value) | ast.keyword(value=value):
            yield from bare_texts(value)
        case ast.IfExp(_, one, other) | ast.BinOp(one, _, other):
            yield from bare_texts(one)
            yield from bare_texts(other)
        case ast.Tuple(parts) | ast.List(parts):
            for part in parts:
                yield from bare_texts(part)


def around_translation(code):
    for call in ast.walk(ast.parse(code)):
        if not isinstance(call, ast.Call) or not SHOWN_BY.fullmatch(name_of(call)):
            continue
        if ast.unparse(call.func).startswith(("logger.", "logging.", "log.")):
            continue
        given = [*call.args, *call.keywords]
        if name_of(call) == "ActionSpec":
            given = [argument for at, argument in enumerate(call.args) if at in (1, 4)]
        for text in (text for argument in given for text in bare_texts(argument)):
            if re.search(r"[^\W\d_]", SAME_EVERYWHERE.sub("", FORMATS.sub("", text))):
                yield f"{call.lineno}: {name_of(call)}({text!r})"


@pytest.mark.parametrize(
    "code",
    [
        'button.setText("Save")',
        'QLabel(f"<b>{count} pixels</b>")',
        'box.addItem("Fast" if quick else "Slow", 3)',
        'menu.addAction("Open {0}".format(name))',
        'box.setSuffix(" steps")',
        'QFileDialog.getOpenFileName(self, self.tr("Open"), "", "Pictures (*.png)")',
        'ActionSpec("undo", "Undo", "Ctrl+Z", "undo", _("Undo the last step"))',
    ],
)
def test_a_text_without_tr_is_found(code):
    assert list(around_translation(code))


@pytest.mark.parametrize(
    "code",
    [
        'button.setText(self.tr("Save"))',
        'box.setSuffix(" px")',
        "label.setText(f\"<b>{self.tr('Size')}</b> {width} x {height}\")",
        'ActionSpec("undo", _("Undo"), "Ctrl+Z", "undo", _("Undo the last step"))',
    ],
)
def test_texts_that_need_no_translation_are_not_found(code):
    assert not list(around_translation(code))


def test_every_text_that_is_shown_can_be_translated():
    found = [
        f"{path.name}:{place}"
        for path in MODULES
        for place in around_translation(path.read_text("utf-8"))
    ]
    assert not found


def test_every_mode_and_solver_has_a_name():
    assert all(translation.mode_name(mode) for mode in BlendMode)
    assert all(translation.solver_name(solver) != solver for solver in SOLVERS)
