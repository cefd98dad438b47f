"""PURE. What a lesson lacks before clients can have it, and what its practitioner may do next."""

from __future__ import annotations

from dataclasses import dataclass

#: What a lesson needs before it is published, in the order in which it is named.
NEEDED = ("title", "position", "guidelines", "recording")


@dataclass(frozen=True)
class LessonState:
    """What is there of a lesson. `being_prepared`: an upload waits for the worker."""

    title: bool
    position: bool
    guidelines: bool
    recording: bool
    is_published: bool = False
    is_withdrawn: bool = False
    has_draft: bool = False
    being_prepared: bool = False
    was_refused: bool = False
    chapters: int = 0
    sentences: int = 0


def missing(state: LessonState) -> tuple[str, ...]:
    """Return what the lesson lacks before it can be published."""
    return tuple(name for name in NEEDED if not getattr(state, name))


def next_step(state: LessonState) -> str:
    """Return a code of what to do next; "" when nothing is left."""
    if state.has_draft:
        return "publish_changes"
    if not state.recording and state.being_prepared:
        return "wait"
    if state.was_refused and not state.recording:
        return "record_again"
    for name in missing(state):
        return f"add_{name}"
    if not state.is_published:
        return "publish_again" if state.is_withdrawn else "publish"
    if not state.chapters:
        return "add_chapters"
    return "" if state.sentences else "add_transcript"
