"""What depends on the database itself, and which tests of it run on both databases.

Judges source texts, so that a planted omission is judged like the real code.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

#: Calls whose answer the two databases may give differently: raw SQL, locks, the database's own clock, ...
CALLS = {
    "cursor": "raw SQL",
    "raw": "raw SQL",
    "execute": "raw SQL",
    "RawSQL": "raw SQL",
    "select_for_update": "a lock",
    "lock_for": "a lock",
    "Now": "the database's clock",
    "Window": "a window",
    "TruncDate": "a window",
    "TruncDay": "a window",
    "TruncWeek": "a window",
    "get_or_create": "a claim",
    "update_or_create": "a claim",
    "bulk_create": "a claim",
    "hexdigest": "a digest",
    "digest": "a digest",
}
#: Errors that only a database raises: who catches them relies on how it refuses.
ERRORS = {"IntegrityError": "a refusal of the database", "OperationalError": "a refusal of the database"}
#: Look-ups that compare parts of a time or of JSON in the database.
LOOKUPS = ("__date", "__time", "__hour", "__contains", "__contained_by", "__has_key")
#: Reasons that count only where rows are written or found by them.
WEAK = {"a claim", "a digest"}
#: Fixtures of a test that commits, and so meets other connections.
COMMITS = {"transactional_db", "live_server"}


def reasons(node: ast.AST) -> set[str]:
    """Return why a piece of code depends on the database; nothing when it does not."""
    return {reason for part in ast.walk(node) for reason in _reasons_of(part)}


def _reasons_of(part: ast.AST) -> Iterator[str]:
    if isinstance(part, ast.Call):
        name = getattr(part.func, "attr", getattr(part.func, "id", ""))
        if name in CALLS:
            yield CALLS[name]
        for keyword in part.keywords:
            if keyword.arg == "transaction" and getattr(keyword.value, "value", None) is True:
                yield "a commit"
            if (keyword.arg or "").endswith(LOOKUPS):
                yield "a look-up inside a time or JSON"
    elif isinstance(part, ast.Assign | ast.Return | ast.If | ast.Compare) and _counts_an_update(part):
        yield "a claim"
    elif isinstance(part, ast.Attribute) and part.attr == "vendor":
        yield "which database it is"
    elif isinstance(part, ast.ExceptHandler) and part.type is not None:
        yield from (ERRORS[name.id] for name in ast.walk(part.type) if getattr(name, "id", "") in ERRORS)


def _counts_an_update(part: ast.Assign | ast.Return | ast.If | ast.Compare) -> bool:
    """Return whether code goes on by how many rows an UPDATE changed: the one who changed the row owns it."""
    value = {ast.If: "test", ast.Compare: "left"}.get(type(part), "value")
    call = getattr(part, value)
    while isinstance(call, ast.UnaryOp):
        call = call.operand
    return isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "update" and bool(call.keywords)


def marks_of(node: ast.Module | ast.FunctionDef) -> list[ast.AST]:
    """Return the `engines` marks of a test, or those of a whole module."""
    if isinstance(node, ast.FunctionDef):
        given: list[ast.expr] = [*node.decorator_list]
    else:
        given = [
            one.value
            for one in node.body
            if isinstance(one, ast.Assign) and getattr(one.targets[0], "id", "") == "pytestmark"
        ]
    given = [mark for one in given for mark in (one.elts if isinstance(one, ast.List) else [one])]
    return [mark for mark in given if any(getattr(part, "attr", "") == "engines" for part in ast.walk(mark))]


def unmarked_tests(module: ast.Module) -> dict[str, set[str]]:
    """Return the tests of a module that depend on the database without being marked: name → why.

    A test depends on it by itself, or by a fixture or function of its module that does.
    """
    if marks_of(module):
        return {}
    functions = {one.name: one for one in ast.walk(module) if isinstance(one, ast.FunctionDef)}
    own = {name: _with_fixtures(one) for name, one in functions.items()}
    return {
        name: why
        for name, one in functions.items()
        if name.startswith("test_") and not marks_of(one) and (why := _all_reasons(name, functions, own))
    }


def _with_fixtures(function: ast.FunctionDef) -> set[str]:
    asked = {argument.arg for argument in function.args.args}
    return (reasons(function) - WEAK) | ({"a commit"} if asked & COMMITS else set())


def _all_reasons(
    name: str, functions: Mapping[str, ast.FunctionDef], own: Mapping[str, set[str]]
) -> set[str]:
    """Return the reasons of a function and of all that it uses in its module."""
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        if (now := ahead.pop()) in seen:
            continue
        seen.add(now)
        used = {getattr(part, "id", "") for part in ast.walk(functions[now])}
        used |= {argument.arg for argument in functions[now].args.args}
        ahead += [one for one in used if one in functions]
    return set().union(*(own[one] for one in seen))


def uncovered(code: Mapping[str, str], tests: Mapping[str, str], *, edges: set[str]) -> dict[str, set[str]]:
    """Return the modules that depend on the database and that no marked test reaches: name → why.

    A test reaches what it imports, and what that imports. A claim or a digest at an edge (a view, a form) is
    an action's, seen from outside.
    """
    direct = set().union(*(reached(text) for text in tests.values()))
    covered = direct.union(*(imported(code[name]) for name in direct if name in code))
    return {
        name: why
        for name, text in code.items()
        if name not in covered and (why := module_reasons(text) - (WEAK if name in edges else set()))
    }


def module_reasons(text: str) -> set[str]:
    """Return why a module depends on the database. A digest matters only where rows are found by it."""
    found = reasons(ast.parse(text))
    return found if "models" in text else found - WEAK


def marks(text: str) -> list[ast.AST]:
    """Return the `engines` marks of a module of tests."""
    module = ast.parse(text)
    functions = [one for one in ast.walk(module) if isinstance(one, ast.FunctionDef)]
    return [mark for one in (module, *functions) for mark in marks_of(one)]


def reached(text: str) -> set[str]:
    """Return the modules that the marked tests of a module reach: what it imports, and what its marks name.

    `@pytest.mark.engines("booking.holds.actions.hold_once")` says that a test reaches that module over HTTP.
    """
    found = marks(text)
    named = {part.value for mark in found for part in ast.walk(mark) if isinstance(part, ast.Constant)}
    return (imported(text) | {str(name) for name in named}) if found else set()


def imported(text: str) -> set[str]:
    """Return the modules, and the names in them, that a text imports."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found
