"""Which recordings can become a lesson. Pure of Django.

A file is judged by its content, whatever its name ends in, and by what can be decoded of it.
"""

from pathlib import Path

from portal.audio import measure
from portal.audio.ffmpeg import Probe, probe, reading
from portal.audio.progress import READ, Step, stretch
from portal.audio.refusals import CannotPublish, gettext_noop
from portal.audio.transcript import clock

# The shortest lesson: what is shorter is a test of the microphone, or the beginning of a copy that broke off,
# and would replace a good recording.
SHORTEST_MS = 30_000
MISSING_MS = 1_000  # that may be missing: encoders round, and leave out their first and last samples


def accept(source: Path, decoded: Path, *, name: str) -> None:
    """Decode `source` into the mono wave file `decoded`; raise CannotPublish for what cannot be a lesson."""
    about = probe(source, name=name)
    with stretch(Step.READING, 0, READ, sound_ms=about.stated_ms or 0):
        measure.decode(reading(source), decoded, name=name, stereo=about.channels == 2)
    heard_ms = measure.length(decoded)
    if heard_ms > measure.LONGEST_S * 1000:
        raise _too_long(name, about.stated_ms)
    _refuse_broken(about, heard_ms, name=name)
    if heard_ms < SHORTEST_MS:
        raise CannotPublish(
            gettext_noop(
                "%(name)s lasts only %(heard)s. A lesson lasts at least %(least)s; "
                "please check that you chose the right file, and upload the whole recording."
            ),
            name=name,
            heard=clock(heard_ms),
            least=clock(SHORTEST_MS),
        )


def _refuse_broken(about: Probe, heard_ms: int, *, name: str) -> None:
    """Raise CannotPublish for a copy that broke off: it decodes without an error, and is only shorter."""
    if about.stated_ms is not None and heard_ms < about.stated_ms - MISSING_MS:
        raise CannotPublish(
            gettext_noop(
                "%(name)s says it lasts %(stated)s, but only %(heard)s could be decoded. "
                "The file may be incomplete; please upload it again."
            ),
            name=name,
            stated=clock(about.stated_ms),
            heard=clock(heard_ms),
        )
    if about.breaks_off:
        raise CannotPublish(
            gettext_noop(
                "%(name)s breaks off in the middle of a sound, after %(heard)s. "
                "The file may be incomplete; please upload it again, or save it again first."
            ),
            name=name,
            heard=clock(heard_ms),
        )


def _too_long(name: str, stated_ms: int | None) -> CannotPublish:
    if stated_ms is not None and stated_ms > measure.LONGEST_S * 1000:
        sentence = gettext_noop(
            "%(name)s lasts %(lasts)s, but a lesson can last at most %(minutes)s minutes. "
            "Please divide it, and upload each part as a lesson of its own."
        )
    else:
        sentence = gettext_noop(
            "%(name)s lasts more than %(minutes)s minutes, the most that a lesson can last. "
            "Please divide it, and upload each part as a lesson of its own."
        )
    values = {"name": name, "lasts": clock(stated_ms or 0), "minutes": measure.LONGEST_S // 60}
    return CannotPublish(sentence, **values)
