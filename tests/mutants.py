"""Change the code on purpose and print the changes that no test notices (mutation testing).

`python -m tests.mutants sestui/domain/policy.py sestui/domain/spf` tries modules and folders, all
of `sestui/domain` without an argument. A mutant is one small change: a comparison, operator or
condition turned, `any` for `all`, `min` for `max`, a constant changed, a string method skipped, a
statement, `return`, argument, element, operand or case dropped. Types, docstrings and the texts in
`_()` stay. `--limit` takes a sample of each module, the same one for the same `--seed`.

First the tests run once, to learn which test runs which line. Then each mutant runs in a forked
child, with the tests of the changed statement, until one fails; one that hangs counts as noticed.
All in memory, in a copy of the tree: programs that a test starts see the module unchanged. Not each
survivor is a gap: some mean the same as before, and some show code that nobody needs.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import Phase, settings

ROOT = Path(__file__).resolve().parent.parent
TESTS = ["tests/domain", "tests/workflows", "tests/gateways/test_limiter.py"]
SWAPS = [
    (ast.Eq, ast.NotEq), (ast.Is, ast.IsNot), (ast.In, ast.NotIn), (ast.Lt, ast.GtE),
    (ast.LtE, ast.Gt), (ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.And, ast.Or), (ast.Add, ast.Sub),
    (ast.Mult, ast.FloorDiv), (ast.BitAnd, ast.BitOr), (ast.Break, ast.Continue),
]  # fmt: skip
OTHERS = {"any": "all", "all": "any", "min": "max", "max": "min", "sorted": "list"}
METHODS = {"lower", "lstrip", "removeprefix", "removesuffix", "replace", "rstrip", "strip", "upper"}
LISTS = {"args", "cases", "elts", "ifs", "keywords", "keys", "patterns", "values"}
"""The fields of the syntax tree that hold what can be dropped one by one."""
SKIPPED = {"annotation", "decorator_list", "returns"}


class Mutant(NamedTuple):
    line: int
    shown: str
    source: str
    lines: range | None
    """Those of the statement; None for what runs when the module is imported."""


def mutants(source: str) -> list[Mutant]:
    """All mutants of a module, each source once."""
    tree = ast.parse(source)
    found = {ast.unparse(tree): Mutant(0, "", "", None)}
    for node, fields, line, shown, lines in _changes(tree, 0, None):
        before = {name: getattr(node, name) for name in fields}
        vars(node).update(fields)
        changed = ast.unparse(tree)
        vars(node).update(before)
        with suppress(SyntaxError):
            compile(changed, "mutant", "exec")
            found.setdefault(changed, Mutant(line, shown, changed, lines))
    return [*found.values()][1:]


def _changes(node: ast.AST, line: int, lines: range | None) -> Iterator[tuple[Any, ...]]:
    """A node, its new fields, and what `Mutant` says of it; `node` is in a statement of `lines`."""
    for name, value in ast.iter_fields(node):
        if name in SKIPPED or (name == "args" and _calls(node, "_", "ngettext")):
            continue
        function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and name == "body"
        many = value if isinstance(value, list) else [value]
        for at, child in enumerate(many):
            if not isinstance(child, ast.AST) or _means_nothing(child):
                continue
            start = getattr(child, "lineno", line)
            whole = isinstance(child, ast.stmt) and (function or lines is not None)
            inside = range(start, (child.end_lineno or start) + 1) if whole else lines
            for new in _instead(child, node, name):
                fields = {name: [*many[:at], new, *many[at + 1 :]] if many is value else new}
                yield node, fields, start, f"{_text(child)} -> {_text(new)}", inside
            if many is value and name in LISTS and _may_drop(node, name, at):
                names = ("keys", "values") if isinstance(node, ast.Dict) else (name,)
                lists = {each: getattr(node, each) for each in names}
                fields = {each: [*all_[:at], *all_[at + 1 :]] for each, all_ in lists.items()}
                yield node, fields, start, f"{_text(child)} -> nothing", inside
            yield from _changes(child, start, inside)


def _text(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:90] or type(node).__name__


def _calls(node: ast.AST, *names: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names


def _may_drop(node: ast.AST, name: str, at: int) -> bool:
    """False for names, and where only an exception can follow."""
    if isinstance(node, ast.Call) and name == "args":
        last = at == len(node.args) - 1 > 0 and not _calls(node, "isinstance", "cast")
        return last or _calls(node, "dict", "frozenset", "list", "set", "tuple")
    if isinstance(node, ast.arguments) or isinstance(getattr(node, "ctx", None), ast.Store):
        return False
    return getattr(getattr(node, "func", None), "attr", "") != "format"


def _means_nothing(node: ast.AST) -> bool:
    """Docstrings, imports, names of types, and what only a type checker reads."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(ast.Constant()):
            return True
        case ast.Assign([ast.Name(name)]):
            return name in ("T", "__all__") or (name.strip("_").istitle() and not name.isupper())
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _instead(node: ast.AST, parent: ast.AST, field: str) -> Iterator[ast.AST]:
    """What `node` is replaced with, one at a time."""
    yield from (other() for one, other in SWAPS if isinstance(node, one))
    yield from (one() for one, other in SWAPS if isinstance(node, other))
    if field in ("guard", "ifs", "test") and isinstance(node, ast.Name | ast.Attribute | ast.Call):
        yield ast.UnaryOp(ast.Not(), node)
    match node:
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.Call(ast.Name(name), args, keywords) if name in OTHERS:
            yield ast.Call(ast.Name(OTHERS[name]), args, keywords if name != "sorted" else [])
        case ast.Call(ast.Attribute(value, name)) if name in METHODS:
            yield value
        case ast.Slice(lower, upper, step):
            yield from (ast.Slice(None, upper, step), ast.Slice(lower, None, step))
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.Constant(str() as value) if field not in ("elts", "keys"):
            yield ast.Constant("" if value else "mutant")
        case ast.Assign([target]):
            # Elsewhere the name would be missing, which any test notices.
            if not isinstance(target, ast.Name) or isinstance(parent, ast.If | ast.For | ast.While):
                yield ast.Pass()
        case ast.AugAssign() | ast.Expr() | ast.Return() | ast.Raise() | ast.Continue():
            yield ast.Pass()


class Plugin:
    """Pytest runs `tests`, the quickest file first; or learns which test runs which line."""

    def __init__(self, tests: Mapping[str, float], files: Sequence[str] = ()) -> None:
        self.ran: dict[str, dict[int, list[str]]] = {file: defaultdict(list) for file in files}
        self.seconds = dict(tests)
        self.paths: dict[str, float] = defaultdict(float)
        for test, each in self.seconds.items():
            self.paths[test.partition("::")[0]] += each
        self._lines: set[tuple[str, int]] = set()

    def pytest_collection(self) -> None:
        settings.register_profile("no shrinking", phases=[Phase.explicit, Phase.generate])
        settings.load_profile("no shrinking")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if not self.ran:
            items[:] = [item for item in items if item.nodeid in self.seconds]
            items.sort(key=lambda item: self.paths[item.nodeid.partition("::")[0]])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._lines.clear()
        start = time.monotonic()
        sys.settrace(self._call if self.ran else None)
        result = yield
        sys.settrace(None)
        self.seconds[item.nodeid] = time.monotonic() - start
        for file, line in self._lines:
            self.ran[file][line].append(item.nodeid)
        return result

    def _call(self, frame: Any, _event: str, _arg: object) -> Any:
        return self._line if frame.f_code.co_filename in self.ran else None

    def _line(self, frame: Any, _event: str, _arg: object) -> Any:
        self._lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line


class Copy:
    """The tree as it is now, at another place, where pytest runs in forked children."""

    def __init__(self, place: Path, files: Sequence[str], tests: Sequence[str]) -> None:
        self.place = place
        for name in ("sestui", "tests"):
            shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", place)
        child = self._fork(tests, Plugin({}, [str(self.place / file) for file in files]))
        if code := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            raise SystemExit(f"{' '.join(tests)}: fails without any change (exit code {code})")
        self.ran, self.seconds = json.loads((self.place / "learnt.json").read_text())

    def survivors(self, file: str, some: Sequence[Mutant], jobs: int) -> list[Mutant]:
        """Those of `some` mutants of `file` that no test notices."""
        alive: list[Mutant] = []
        running: dict[int, Mutant] = {}
        module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        waiting = list(some)
        while waiting or running:
            if waiting and len(running) < jobs:
                mutant = waiting.pop()
                plugin = Plugin(self._noticing(file, module, mutant.lines))
                running[self._fork([*plugin.paths], plugin, module, mutant.source)] = mutant
            else:
                child, status = os.wait()
                mutant = running.pop(child)
                if status == 0:
                    alive.append(mutant)
        return sorted(alive)

    def _noticing(self, file: str, module: str, lines: range | None) -> dict[str, float]:
        """The tests that can notice a change of these lines, with their seconds."""
        ran = self.ran[str(self.place / file)]
        if lines is not None:
            found = {test for line in lines for test in ran.get(str(line), ())}
        else:
            found = {test for some in ran.values() for test in some}
            # A test may read what the module has set at import, and run no line of it.
            package, _dot, name = module.rpartition(".")
            for path in {test.partition("::")[0] for test in self.seconds}:
                text = (self.place / path).read_text("utf-8")
                if any(f"{package}{way}{name}" in text for way in (".", " import ")):
                    found |= {test for test in self.seconds if test.startswith(path + "::")}
        return {test: self.seconds[test] for test in sorted(found)}

    def _fork(self, paths: Sequence[str], plugin: Plugin, module: str = "", code: str = "") -> int:
        """The process id of a child that runs the tests in `paths`, with `code` as `module`."""
        if child := os.fork():
            return child
        result = 3 if paths else 0
        try:
            if module:
                signal.alarm(20 + 5 * int(sum(plugin.paths.values())))  # then it hangs
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(nowhere, stream)
            os.chdir(self.place)
            os.environ["PYTHONPATH"] = str(self.place)
            sys.path[:] = [str(self.place), *(each for each in sys.path if each != str(ROOT))]
            sys.modules.pop("tests", None)
            read = SourceFileLoader.get_code
            SourceFileLoader.get_code = lambda loader, name: (  # type: ignore[method-assign]
                compile(code, loader.path, "exec") if name == module else read(loader, name)
            )
            options = ["-n0", "-x", "-q", "-p", "no:cacheprovider", "--assert=plain"]
            if paths:
                result = int(pytest.main([*options, *paths], plugins=[plugin]))
            if plugin.ran:
                (self.place / "learnt.json").write_text(json.dumps([plugin.ran, plugin.seconds]))
        finally:
            os._exit(result)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("modules", nargs="*", default=["sestui/domain"], metavar="MODULE")
    parser.add_argument("--limit", type=int, help="so many mutants of each module at most")
    parser.add_argument("--seed", default="0", help="which sample --limit takes")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="children at once")
    parser.add_argument("--tests", nargs="+", default=TESTS, metavar="PATH", help="where to look")
    parser.add_argument("--at-least", type=float, default=0, metavar="PERCENT", help="else exit 1")
    given = parser.parse_args()
    found = [sorted((ROOT / name).rglob("*.py")) or [ROOT / name] for name in given.modules]
    files = [str(file.relative_to(ROOT)) for some in found for file in some]
    if missing := [file for file in files if not (ROOT / file).is_file()]:
        parser.error(f"no such module: {missing[0]}")
    tried = noticed = 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as place:
        copy = Copy(Path(place).resolve(), files, given.tests)
        for file in files:
            some = mutants((copy.place / file).read_text("utf-8"))
            chance = random.Random(f"{given.seed} {file}")
            some = chance.sample(some, min(given.limit or len(some), len(some)))
            alive = copy.survivors(file, some, given.jobs)
            for mutant in alive:
                print(f"{file}:{mutant.line} {mutant.shown}")
            tried, noticed = tried + len(some), noticed + len(some) - len(alive)
            print(f"{file}: {len(some) - len(alive)} of {len(some)} noticed", flush=True)
    print(f"{noticed} of {tried} noticed, {noticed / max(tried, 1):.1%}")
    return int(100 * noticed < given.at_least * tried)


if __name__ == "__main__":
    sys.exit(main())
