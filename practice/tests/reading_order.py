"""The order in which the code can be read, and what breaks it.

A module imports only from its own layer or from one above it.

Judges source texts (module name → text), so that a planted violation is judged like the real code.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("practice", "booking", "portal")

EDGE_NAMES = (
    "views",
    "forms",
    "tasks",
    "admin",
    "urls",
    "api",
    "api_asked",
    "api_errors",
    "api_shapes",
    "management",
    "templatetags",
    "apps",
)
EDGES = tuple(f"{app}.{name}{rest}" for app in APPS for name in EDGE_NAMES for rest in ("", ".*"))
# Which layer a module belongs to: the first with a pattern that fits; `app.*` is the rest of an app.
ORDER: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "pure",
        (
            *(
                "practice.body",
                "practice.body_map",
                "practice.clock",
                "practice.text",
                "practice.names",
                "practice.roles",
                "practice.framing",
                "practice.clean",
                "practice.env",
                "practice.wall",
                "practice.zones",
            ),
            *("practice.processes", "practice.processes.*"),
            *(
                "booking.scheduling",
                "booking.scheduling.*",
                "booking.imported",
                *(
                    f"booking.imported.{name}"
                    for name in (
                        *("reading", "lines", "zone_names", "times", "rule_dates", "counts", "events"),
                        *("series", "busy", "apart", "fetch"),
                    )
                ),
                "booking.intake_answers",
            ),
            *(
                "portal.figures",
                "portal.listening",
                "portal.places",
                "portal.playthrough",
                "portal.at_home.planks",
                "portal.positions",
                "portal.progress",
                "portal.desk.since",
                "portal.transcript",
            ),
            *(
                f"portal.followups.{name}"
                for name in ("reasons", "facts", "when", "stages", "guards", "plan")
            ),
            *(
                f"portal.audio.{name}"
                for name in ("ffmpeg", "measure", "lesson_folder", "publish", "ranges", "script", "speak")
            ),
        ),
    ),
    ("edges", (*EDGES, "practice.celery", "practice.settings", "practice.wsgi", "practice.middleware")),
    ("test support", ("*.testing", "*.tests", "*.tests.*")),
    ("practice: rows", ("practice.models", "practice.models.*", "practice.crypto")),
    ("practice: actions", ("practice.actions", "practice.actions.*")),
    ("practice", ("practice", "practice.*")),
    ("booking: rows", ("booking.models", "booking.models.*")),
    ("booking: actions", ("booking.actions", "booking.actions.*")),
    ("booking", ("booking", "booking.*")),
    ("the demo", ("portal.demo", "portal.demo.*")),
    ("portal: rows", ("portal.models", "portal.models.*")),
    ("portal: actions", ("portal.actions", "portal.actions.*")),
    ("portal", ("portal", "portal.*")),
)
# From the first page to the last.
READ = (
    "pure",
    *(f"{app}{part}" for app in APPS for part in (": rows", "", ": actions")),
    "the demo",
    "edges",
    "test support",
)


def sources(root: Path = ROOT) -> dict[str, str]:
    """Module name → text, of everything but migrations."""
    found = {}
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            if "migrations" not in parts:
                found[".".join(parts).removesuffix(".__init__")] = path.read_text(encoding="utf-8")
    return found


@cache
def layer(module: str) -> str:
    """The layer a module belongs to."""
    return next(name for name, patterns in ORDER if any(fnmatchcase(module, pattern) for pattern in patterns))


@cache
def import_nodes(text: str) -> list[ast.Import | ast.ImportFrom]:
    """Its import statements, wherever in it. A text is parsed once: planted violations change one of them."""
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]


def imports(module: str, text: str, modules: Mapping[str, str]) -> Iterator[str]:
    """The modules of ours that the text imports, wherever in it. In `from x import y`, y may be one."""
    for node in import_nodes(text):
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        else:
            within = absolute(module, node, modules)
            named = [f"{within}.{a.name}" if f"{within}.{a.name}" in modules else within for a in node.names]
        yield from (name for name in named if name in modules)


def absolute(module: str, node: ast.ImportFrom, modules: Mapping[str, str]) -> str:
    """The module a `from … import` names, its leading dots resolved."""
    if not node.level:
        return node.module or ""
    is_package = any(other.startswith(f"{module}.") for other in modules)
    above = module.split(".")[: None if is_package and node.level == 1 else -(node.level - is_package)]
    return ".".join([*above, *([node.module] if node.module else [])])


def upward(modules: Mapping[str, str]) -> list[str]:
    """Imports against the order: up it, out of an edge, or from test support."""
    return sorted(
        f"{module} → {target}"
        for module, text in modules.items()
        for target in set(imports(module, text, modules))
        if not allowed(module, target)
    )


def allowed(module: str, target: str) -> bool:
    """Whether a module may import another."""
    here, there = layer(module), layer(target)
    if here == "test support":
        return True
    if there == "edges":  # edges of one app know each other; an app's edges may use those of an app before it
        app, other = module.partition(".")[0], target.partition(".")[0]
        return here == "edges" and APPS.index(other) <= APPS.index(app)
    return READ.index(there) <= READ.index(here)


def circles(modules: Mapping[str, str]) -> list[str]:
    """Modules that import each other in a circle, and those that need them: no order could be read."""
    graph = {
        module: {target for target in imports(module, text, modules) if target != module}
        for module, text in modules.items()
        if layer(module) != "test support"
    }
    while free := [module for module, targets in graph.items() if not targets & graph.keys()]:
        for module in free:
            del graph[module]
    return sorted(graph)


def hidden(modules: Mapping[str, str]) -> list[str]:
    """Imports inside functions: they hide the order. Only an AppConfig's ready() must wait."""
    return sorted(
        f"{module}, line {node.lineno}"
        for module, text in modules.items()
        if layer(module) != "test support"
        for function in ast.walk(ast.parse(text))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        if not (module.endswith(".apps") and function.name == "ready")
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    )
