"""The order in which the code can be read, and what breaks it.

A folder is a feature, a file is a layer, and its name says which. A module imports only from its own layer or
from one above it, and features import each other one way only.

Judges source texts (module name → text), so that a planted violation is judged like the real code.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
APPS = ("practice", "booking", "portal")

#: Names of files and folders that translate between the outside and the actions, at any depth of an app.
EDGE_NAMES = (
    *("views", "*_views", "client_pages", "forms", "tasks", "admin", "urls", "*_urls"),
    *("management", "templatetags", "apps", "settings", "celery", "wsgi"),
)
EDGES = tuple(
    f"{above}.{name}{below}" for above in ("{app}", "{app}.*") for name in EDGE_NAMES for below in ("", ".*")
)
#: Values and rules: no Django, no rows, no clock of their own.
PURE = (
    "practice.mail.channels.text_messages.answers",
    *("practice.core", "practice.core.*", "practice.access.roles", "practice.search.words"),
    "practice.email_texts.placeholders",
    *(f"practice.observability.{name}" for name in ("request_id", "error_reports", "metrics_access")),
    *("practice.site.processes", "practice.site.processes.*"),
    *("*.engine", "*.engine.*", "*.matching"),
    "booking.calendars.importing",
    *(
        f"booking.calendars.importing.{name}"
        for name in (
            *("reading", "lines", "zone_names", "times", "rule_dates", "counts", "events"),
            *("recurrence", "busy", "sandbox", "fetch"),
        )
    ),
    *(
        f"practice.mail_events.{name}"
        for name in ("bounce_messages", "replies", "report", "round_trip.marks", "smtp_answer", "sources")
    ),
    *(
        f"practice.sender_domain.{name}"
        for name in ("dkim_record", "dkim_settings", "dmarc", "finding", "signing", "spf")
    ),
    *(f"practice.backup.{name}" for name in ("backup_settings", "places", "restore_marker")),
    *(f"practice.storage.{name}" for name in ("errors", "folder", "storage_settings", "store")),
    *("booking.intake.answers", "booking.policy.deadlines"),
    *(
        f"portal.audio.{name}"
        for name in (
            *("accept", "carry", "ffmpeg", "measure", "position", "progress", "publish", "ranges"),
            *("refusals", "stated_length", "synthetic_voice", "synthetic_voice.*"),
            "transcript",
        )
    ),
    *("portal.exercises.figures", "portal.lessons.posture", "portal.workspace.activity_summary"),
    *(
        "portal.lessons.browse",
        "portal.lessons.expectation_bands",
        "portal.lessons.next_lesson",
    ),
    *(f"portal.practice_log.{name}" for name in ("chapter_shares", "listening", "playthrough")),
    *("portal.over_time.line_chart", "portal.practice_log.practice_chart", "portal.practice_log.progress"),
)
#: What may know all apps.
SITE = ("practice.site", "practice.site.*", "practice.management", "practice.management.*")
MORE_EDGES = (
    *("booking.api", "booking.api.*"),
    *(f"practice.web.{name}" for name in ("context", "errors", "middleware")),
)
#: What plans letters, looks ahead to them, checks them when they leave, and sends them.
SENDING = (
    *(".*.send_check", ".send_checks", ".*.queue", ".*preview", ".session_notes.wrap_up_page"),
    *(".mail.delivery", ".mail.delivery.*"),
)
#: How rows read their own texts.
IN_LANGUAGE = ("practice.shipped_texts", "practice.in_language")
#: The layers of each app, with the names that tell them: a module belongs to the first that fits.
LAYERS = (
    ("rows", ("{app}.models", "{app}.models.*", "practice.security.crypto", *IN_LANGUAGE)),
    ("edges", EDGES),
    ("letters", ("{app}.letters", "{app}.*.letters", "{app}.letters.*", "{app}.*.letters.*")),
    ("sending", tuple(f"{{app}}{name}" for name in SENDING)),
    ("actions", ("{app}.actions", "{app}.*.actions", "{app}.*.actions.*")),
    ("", ("{app}", "{app}.*")),
)
# From the first page to the last. Only the site may know all apps.
READ = (
    "pure",
    *(
        f"{app}{part}"
        for app in APPS
        for part in (": rows", "", ": letters", ": sending", ": actions", ": edges")
    ),
    "the demo",
    "the site",
    "test support",
)
#: At most so many modules in a folder; models, the back office, migrations and tests are not counted.
MOST = 12
#: Folders that are no features: rows, and what Django looks for by its name.
NO_FEATURE = ("models", "admin", "management", "templatetags", "demo")
#: Files at the root of an app that connect its features.
WIRING = ("apps", "urls", "embed_urls", "tasks", "testing", "settings", "celery", "wsgi")


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
    app = module.partition(".")[0]
    if _fits(module, ("*.testing", "*.tests", "*.tests.*")):
        return "test support"
    if _fits(module, PURE):
        return "pure"
    if _fits(module, SITE):
        return "the site"
    if _fits(module, ("portal.demo", "portal.demo.*")):
        return "the demo"
    if _fits(module, MORE_EDGES):
        return f"{app}: edges"
    part = next(name for name, patterns in LAYERS if _fits(module, [one.format(app=app) for one in patterns]))
    return f"{app}: {part}" if part else app


def _fits(module: str, patterns: tuple[str, ...] | list[str]) -> bool:
    return any(fnmatchcase(module, pattern) for pattern in patterns)


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
    """Whether a module may import another: edges and the site are imported by edges and the site alone."""
    here, there = layer(module), layer(target)
    if here == "test support":
        return True
    if is_edge(there) and not is_edge(here):
        return False
    return READ.index(there) <= READ.index(here)


def is_edge(name: str) -> bool:
    """Whether a layer translates between the outside and the actions."""
    return name == "the site" or name.endswith(": edges")


def circles(modules: Mapping[str, str]) -> list[str]:
    """Modules that import each other in a circle, and those that need them: no order could be read."""
    return unordered(
        {
            module: {target for target in imports(module, text, modules) if target != module}
            for module, text in modules.items()
            if layer(module) != "test support"
        }
    )


def unordered(graph: dict[str, set[str]]) -> list[str]:
    """What is left of a graph when all is taken out that needs nothing which is left."""
    while free := [name for name, targets in graph.items() if not targets & graph.keys()]:
        for name in free:
            del graph[name]
    return sorted(graph)


def feature(module: str) -> str:
    """The feature a module belongs to: a folder below the app, or a file beside them; "" for what has none.

    A pure engine is a feature of its own, below the one that uses it: anything may read its values.
    """
    parts = module.split(".")
    if len(parts) == 1 or parts[1] in NO_FEATURE or parts[1] in WIRING or layer(module) == "test support":
        return ""
    if "engine" in parts:
        return ".".join(parts[: parts.index("engine") + 1])
    return ".".join(parts[:2])


def features(modules: Mapping[str, str]) -> dict[str, dict[str, list[str]]]:
    """Feature → the features it imports → by which imports."""
    found: dict[str, dict[str, list[str]]] = {}
    for module, text in modules.items():
        for target in sorted(set(imports(module, text, modules))):
            here, there = feature(module), feature(target)
            if here and there and here != there:
                found.setdefault(here, {}).setdefault(there, []).append(f"{module} → {target}")
                found.setdefault(there, {})
    return found


def feature_circles(modules: Mapping[str, str]) -> list[str]:
    """The imports between features that know each other both ways, straight or around others."""
    found = features(modules)
    graph = {name: set(targets) for name, targets in found.items()}
    for _ in (1, 2):  # what needs nothing that is left, then what nothing needs that is left
        graph = {name: graph[name] for name in unordered(graph)}
        back: dict[str, set[str]] = {name: set() for name in graph}
        for name, targets in graph.items():
            for target in targets & graph.keys():
                back[target].add(name)
        graph = back
    return sorted(
        one for here in graph for there in found[here] if there in graph for one in found[here][there]
    )


def crowded(modules: Mapping[str, str]) -> dict[str, int]:
    """Folders with more modules than one sees at a glance: folder → how many."""
    packages = {module for module in modules if any(other.startswith(f"{module}.") for other in modules)}
    counted = Counter(
        module.rpartition(".")[0]
        for module in modules
        if module not in packages
        and not {"models", "admin"} & set(module.split("."))
        and not _fits(module, ("*.tests", "*.tests.*"))
    )
    return {folder: count for folder, count in counted.items() if count > MOST}


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
