"""Run on the engine that DATABASE_URL names, and leave the outcomes in a file.

    python -m tools.year.on_engine ENGINE FORM SEEDS DAYS CLIENTS FILE

`tools/year/__main__.py` starts this with the settings of a practice that has just been set up.
"""

from __future__ import annotations

import logging
import pickle
import resource
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402  (Django comes first)
from django.core.management import call_command  # noqa: E402

from tools.year.copies import put_back, take_copy  # noqa: E402
from tools.year.oracle.judge import judge  # noqa: E402
from tools.year.outcome import Outcome  # noqa: E402
from tools.year.reading import read  # noqa: E402
from tools.year.run import AFTERWARD, run  # noqa: E402
from tools.year.scale import FORMS  # noqa: E402


def cpu() -> float:
    """Return the processor time of this process and of those it forked, in seconds."""
    used = (resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def outcome_of(engine: str, form: str, folder: Path, *, seed: int, days: int, clients: int) -> Outcome:
    """Return what a run did, and what the oracle says of it."""
    scale, before = FORMS[form](seed, days=days, clients=clients), cpu()
    world = run(scale, folder)
    judgment = judge(world.diary, read(world.diary, now=scale.end + AFTERWARD))
    return Outcome(
        engine,
        seed,
        days,
        clients,
        cpu=cpu() - before,
        done=world.done,
        looked=judgment.looked,
        faults=judgment.faults,
    )


def main() -> None:
    """Run once for each seed, each time in a practice without anybody."""
    engine, form, seeds, days, clients, result = sys.argv[1:]
    logging.disable(logging.CRITICAL)
    folder = Path(settings.VAR_DIR)
    call_command("migrate", verbosity=0)
    empty = folder / "empty"
    empty.mkdir(exist_ok=True)
    take_copy(empty)
    outcomes: list[Outcome] = []

    def run_of_seed(seed: str) -> Outcome:
        return outcome_of(engine, form, folder, seed=int(seed), days=int(days), clients=int(clients))

    for seed in seeds.split(","):
        if outcomes:
            put_back(empty)
        outcomes.append(run_of_seed(seed))
        print(f"{engine}, seed {seed}: {outcomes[-1].cpu:.0f} s of processor time", flush=True)
    Path(result).write_bytes(pickle.dumps(outcomes))


if __name__ == "__main__":
    main()
