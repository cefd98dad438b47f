"""The table of a mutation run, and each change that no test noticed. Run where `rest.py` was run."""

import json
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

Key = tuple[str, str, str]  # file and function, the lines before, the lines after
KILLED = ("killed", "timeout", "segfault")


@dataclass(frozen=True)
class Mutant:
    """A change of a module. `before` and `after`: its lines, without the lines around them."""

    path: str
    killed: bool
    function: str = ""
    before: str = ""
    after: str = ""

    @property
    def key(self) -> Key:
        """Return the key of an explanation, without line numbers, which move with every edit."""
        return f"{self.path} {self.function}".strip(), self.before, self.after


def of_functions(path: str, reasons: dict[Key, str]) -> list[Mutant]:
    """Return the changes that mutmut made in the functions of a module."""
    codes = json.loads(Path(f"mutants/{path}.meta").read_text())["exit_code_by_key"]
    found = []
    for name, code in codes.items():
        status = status_by_exit_code[code]
        if status in ("not checked", "skipped", "check was interrupted by user"):
            sys.exit(f"{name} was not tried: {status}")
        function, owner = orig_function_and_class_names_from_key(name)
        lines = [] if status == "killed" else get_diff_for_mutant(name, path=path).splitlines()
        one = Mutant(path, status in KILLED, f"{owner}.{function}" if owner else function, *_both(lines))
        # On a busy machine what changes nothing may look like what never ends.
        found.append(replace(one, killed=False) if status == "timeout" and one.key in reasons else one)
    return found


def of_the_rest(path: str) -> list[Mutant]:
    """Return the changes that `rest.py` made in a module's tables, defaults and decorated functions."""
    before = Path(path).read_text().splitlines()
    found = []
    for one in json.loads(Path("rest.json").read_text()):
        if one["path"] == path:
            lines = [] if one["killed"] else list(unified_diff(before, one["text"].splitlines(), lineterm=""))
            found.append(Mutant(path, one["killed"], "", *_both(lines)))
    return found


def _both(lines: list[str]) -> tuple[str, str]:
    changed = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    before, after = (" ".join(line[1:].strip() for line in changed if line[0] == sign) for sign in "-+")
    return before, after


def explained() -> dict[Key, str]:
    """Return the reason in `survivors.toml` for each change that may survive."""
    groups = tomllib.loads((Path(__file__).parent / "survivors.toml").read_text())["group"]
    return {
        (one["in"], one["before"], one["after"]): group["reason"]
        for group in groups
        for one in group["mutants"]
    }


def table(mutants: dict[str, list[Mutant]], reasons: dict[Key, str]) -> list[str]:
    """Return the lines of the table: a module each, and all of them together."""
    lines = ["| module | mutants | killed | explained | unexplained | score |", "|---|---|---|---|---|---|"]
    everything = [one for found in mutants.values() for one in found]
    for path, found in [*mutants.items(), ("all", everything)]:
        living = [one for one in found if not one.killed]
        why = sum(one.key in reasons for one in living)
        killed = len(found) - len(living)
        counts = f"{len(found)} | {killed} | {why} | {len(living) - why}"
        lines += [f"| `{path}` | {counts} | {killed / len(found):.1%} |"] if found else []
    return lines


def main() -> int:
    """Print the table and what is left; return 1 when something is left over."""
    paths, reasons = sys.argv[1:], explained()
    mutants = {path: of_functions(path, reasons) + of_the_rest(path) for path in paths}
    living = [one for found in mutants.values() for one in found if not one.killed]
    print("", *table(mutants, reasons), "", sep="\n")
    for reason, number in Counter(reasons[one.key] for one in living if one.key in reasons).items():
        print(f"{number} explained: {reason}")
    left = [one.key for one in living if one.key not in reasons]
    stale = sorted({key for key in reasons if key[0].split()[0] in paths} - {one.key for one in living})
    for words, keys in (("No test noticed", left), ("Explained, but noticed or gone", stale)):
        for path, before, after in keys:
            print(f"\n{words}, in {path}:\n  - {before}\n  + {after}")
    return 1 if left or stale else 0


if __name__ == "__main__":
    sys.exit(main())
