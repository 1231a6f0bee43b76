"""The shape of the house: rules that import-linter and ruff cannot see."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import sestui

ROOT = Path(sestui.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))

# Calls whose first argument Textual reads as markup, unless they say `markup=False`.
READ_MARKUP = {"Static", "Label", "notify", "OptionList"}
# Calls and attributes that read it always; only `Content(...)` is drawn as it is.
ALWAYS_READ_MARKUP = {"update", "Button", "Checkbox", "RadioButton", "add_column", "add_row"}
TITLES = {"border_title", "border_subtitle", "tooltip"}


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def is_composed(node: ast.expr) -> bool:
    """True for a text with values put into it; they may hold markup. A number cannot."""
    match node:
        case ast.JoinedStr(values=values):
            return any(isinstance(value, ast.FormattedValue) for value in values)
        case ast.Call(func=ast.Attribute(attr="format"), keywords=keywords, args=arguments):
            return bool(arguments) or any(keyword.arg != "n" for keyword in keywords)
        case ast.Call(func=ast.Attribute(attr="join")):
            return True
        case ast.BinOp(op=ast.Mod()):
            return True
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return not (isinstance(left, ast.Constant) and isinstance(right, ast.Constant))
        case ast.IfExp(body=body, orelse=orelse):
            return is_composed(body) or is_composed(orelse)
    return False


def drawn_as_it_is(call: ast.Call, name: str) -> bool:
    """True when `call` says that it reads no markup, or is made on a widget that never does."""
    if name in READ_MARKUP:
        return any(
            keyword.arg == "markup"
            and isinstance(keyword.value, ast.Constant)
            and keyword.value.value is False
            for keyword in call.keywords
        )
    return isinstance(call.func, ast.Attribute) and "Plain" in ast.unparse(call.func.value)


def unsafe_texts(source: str) -> list[str]:
    """The places in `source` that give a composed text to something that reads markup."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]):
                sink = name in READ_MARKUP | ALWAYS_READ_MARKUP
                unsafe = sink and is_composed(first) and not drawn_as_it_is(node, name)
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=value):
                unsafe = name in TITLES and is_composed(value)
            case _:
                unsafe = False
        if unsafe:
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


TUI = sorted((ROOT / "tui").rglob("*.py"))


@pytest.mark.parametrize("path", TUI, ids=names(TUI))
def test_no_text_from_outside_is_read_as_markup(path):
    """Put it in `Content(...)`, show it in a `Plain`, or say `markup=False`."""
    assert unsafe_texts(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        'Static(f"{name} is gone")',
        'Label("{name} is gone".format(name=name))',
        'Label(_("{name} is gone").format(name=name), markup=True)',
        'self.notify("%s is gone" % name)',
        'self.app.notify(name + " is gone")',
        'self.notify(f"{name}" if name else "", severity="error")',
        'Static("\\n".join(lines))',
        'self.query_one("#title", Static).update(f"{name}")',
        'Button(f"Delete {name}")',
        'self.border_title = _("zone {zone}").format(zone=zone)',
        'self.tooltip = f"{name}"',
    ],
)
def test_the_rule_sees_what_is_unsafe(source):
    assert len(unsafe_texts(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        'Static("gone")',
        'Label(_("Region"))',
        'Static(f"{name} is gone", markup=False)',
        'self.notify(_("{name} is gone").format(name=name), markup=False)',
        'self.notify(_("{n} records").format(n=len(records)))',
        'self.query_one("#title", Static).update(Content(f"{name}"))',
        'self.query_one("#title", Plain).update(f"{name}")',
        'self.border_title = Content(_("zone {zone}").format(zone=zone))',
        'self.title = f"{name}"',
        'Static("a" + "b")',
        'print(f"{name}")',
        "values.update()",
    ],
)
def test_the_rule_lets_pass_what_is_safe(source):
    assert unsafe_texts(source) == []


def loaded_by(program: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after `program`."""
    report = "\nprint(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{program}{report}"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_asking_for_help_loads_nothing_heavy(option):
    loaded = loaded_by(
        f"""
import runpy
sys.argv = ["sestui", {option!r}]
try:
    runpy.run_module("sestui", run_name="__main__", alter_sys=True)
except SystemExit as end:
    assert not end.code, end.code
"""
    )
    assert "sestui" in loaded
    assert not loaded & {"textual", "rich", "boto3", "botocore", "dns", "keyring", "moto"}


def test_the_wizard_is_drawn_before_boto3_and_dnspython_are_loaded():
    loaded = loaded_by("import sestui.tui.app")
    assert "textual" in loaded
    assert not loaded & {"boto3", "botocore", "dns", "keyring", "moto", "flask"}


def test_the_domain_needs_nothing_but_python():
    modules = [
        f"sestui.domain.{path.stem}"
        for path in FILES
        if path.parent.name == "domain" and path.stem != "__init__"
    ]
    before = loaded_by("")
    loaded = loaded_by(f"import {', '.join(modules)}") - before - {"sestui"}
    assert loaded <= set(sys.stdlib_module_names)
