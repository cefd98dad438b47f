"""The sentences of the pages where lessons are edited, by the codes of the pure parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lesson_editing.engine.marks import Problem
from portal.lesson_editing.engine.webvtt import BadVtt

NEXT_STEPS: Mapping[str, Promise] = {
    "publish_changes": gettext_lazy("Changes are saved and not published yet."),
    "wait": gettext_lazy("The recording is being prepared."),
    "record_again": gettext_lazy("The last recording could not be used. Upload another."),
    "add_title": gettext_lazy("Give it a title."),
    "add_position": gettext_lazy("Say in which position it’s done."),
    "add_guidelines": gettext_lazy("Write the guidelines."),
    "add_recording": gettext_lazy("Upload a recording."),
    "publish": gettext_lazy("Ready to publish."),
    "publish_again": gettext_lazy("Ready to publish again."),
    "add_chapters": gettext_lazy("Add chapters, so that clients find their place."),
    "add_transcript": gettext_lazy("Add a transcript, for clients who’d rather read."),
}
MISSING: Mapping[str, Promise] = {
    "title": gettext_lazy("a title"),
    "position": gettext_lazy("the position"),
    "guidelines": gettext_lazy("guidelines"),
    "recording": gettext_lazy("a recording"),
}
PROBLEMS: Mapping[str, Promise] = {
    "time": gettext_lazy("“%(typed)s” is not a time. Enter minutes and seconds, such as 3:40."),
    "negative": gettext_lazy("A time can’t be before the start. Enter a time such as 0:05."),
    "end_time": gettext_lazy("“%(typed)s” is not a time. Enter when it ends, such as 3:44."),
    "end_negative": gettext_lazy("A time can’t be before the start. Enter when it ends, such as 3:44."),
    "no_title": gettext_lazy("This chapter has no title. Write one, or clear its time as well."),
    "long_title": gettext_lazy("At most %(most)s characters."),
    "no_words": gettext_lazy("There are no words here. Write them, or clear both times as well."),
    "long_words": gettext_lazy("At most %(most)s characters. Please split it into two."),
    "beyond": gettext_lazy("The recording is %(length)s long. Enter an earlier time."),
    "same_time": gettext_lazy("Two chapters begin at %(at)s. Move one of them."),
    "ends_first": gettext_lazy("It must end after it begins."),
    "overlap": gettext_lazy("Two sentences overlap: one lasts until %(end)s, the next begins at %(at)s."),
    "many_chapters": gettext_lazy("There are %(count)s chapters. At most %(most)s can be kept."),
    "many_sentences": gettext_lazy("There are %(count)s sentences. At most %(most)s can be kept."),
}
IN_FILES: Mapping[str, Promise] = {
    "large": gettext_lazy("The file is larger than %(most)s kB. A transcript has only words and times."),
    "encoding": gettext_lazy("it has a character that isn’t UTF-8. Please save the file as UTF-8."),
    "header": gettext_lazy("a WebVTT file begins with the word WEBVTT."),
    "srt": gettext_lazy(
        "a WebVTT file begins with the word WEBVTT. This looks like an SRT file: save it as WebVTT."
    ),
    "after_header": gettext_lazy("there must be an empty line between WEBVTT and the first time."),
    "no_times": gettext_lazy(
        "there are words without times before them, such as 00:03:40.000 --> 00:03:44.000."
    ),
    "times": gettext_lazy("the times can’t be read. They look like 00:03:40.000 --> 00:03:44.000."),
    "negative": gettext_lazy("a time is before the start of the recording."),
    "comma": gettext_lazy(
        "in WebVTT, a time has a period before its thousandths: 00:03:40.000, not 00:03:40,000."
    ),
    "ends_first": gettext_lazy("it ends before it begins, or at the same time."),
    "no_blank_line": gettext_lazy("there must be an empty line before the next times."),
    "open_mark": gettext_lazy("there is a “<” without its “>”. Write &lt; for the sign itself."),
    "nothing": gettext_lazy("There are no chapters or sentences in this file."),
    "order": gettext_lazy("it begins at %(at)s, before the one above it. Put them in order of time."),
    "long_title": gettext_lazy("the title has more than %(most)s characters. Is this a file of chapters?"),
    "long_words": gettext_lazy("the sentence has more than %(most)s characters. Please split it."),
    "beyond": gettext_lazy(
        "it’s after the end: the recording is %(length)s long. Is the file for another recording?"
    ),
    "same_time": gettext_lazy("it begins at %(at)s, and so does the chapter before it."),
    "overlap": gettext_lazy("it begins at %(at)s, while the sentence before it lasts until %(end)s."),
}


def problem_in_words(problem: Problem) -> str:
    """Return the sentence that says what is wrong with a row."""
    return _filled(PROBLEMS[problem.code], problem.params)


def file_in_words(error: BadVtt) -> str:
    """Return the sentence that says what is wrong with a file, and in which line; nothing was changed."""
    sentence = _filled(IN_FILES.get(error.code) or PROBLEMS[error.code], error.params)
    if error.line:
        sentence = _("Line %(line)s: %(wrong)s") % {"line": error.line, "wrong": sentence}
    return _("%(wrong)s Nothing was changed.") % {"wrong": sentence}


def missing_in_words(missing: Iterable[str]) -> list[str]:
    """Return what a lesson lacks, as words."""
    return [str(MISSING[one]) for one in missing]


def _filled(sentence: Promise, values: Mapping[str, Any]) -> str:
    return str(sentence) % values if values else str(sentence)
