"""The tables of chapters and of sentences beside the player, and both as WebVTT files."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.audio.serve import is_there
from portal.audio.transcript import ChapterMark, TranscriptSentence, clock
from portal.lesson_editing.access import edited_lesson
from portal.lesson_editing.actions.marks import MarksChanged, save_chapters, save_sentences
from portal.lesson_editing.engine import webvtt
from portal.lesson_editing.engine.marks import Problem, TypedRow, read_chapters, read_sentences
from portal.lesson_editing.engine.proposals import proposals
from portal.lesson_editing.engine.times import written
from portal.lesson_editing.queries import Marks, marks_of
from portal.lesson_editing.wording import file_in_words, problem_in_words
from portal.models import Lesson, LessonAudio
from practice.access.pages import staff_only
from practice.models import User

ON_A_PAGE = 40  # sentences: three fields each, and a form has at most 400
BLANK_ROWS = 3  # at the end, for those without scripts
UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
KINDS = ("chapters", "transcript")


@dataclass(frozen=True)
class ShownRow:
    """A row of either table with what is wrong with it."""

    start: str
    text: str
    end: str = ""
    wrong: str = ""


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def chapters(request: HttpRequest, slug: str) -> HttpResponse:
    """Show and save the chapters of the recording that is heard now, with proposals from its rests."""
    user, lesson = edited_lesson(request, slug)
    marks = marks_of(lesson)
    if request.method != "POST" or marks is None:
        rows = [ShownRow(written(one.start_ms), one.title) for one in marks.chapters] if marks else []
        return _chapters_page(request, lesson, marks, rows)
    typed = _typed(request)
    found, problems = read_chapters(typed, length_ms=marks.recording.duration_ms)
    if request.POST.get("do", "").startswith("propose:"):
        typed.append(TypedRow(request.POST["do"].partition(":")[2], ""))
        return _chapters_page(request, lesson, marks, _shown(typed, []), adds=True)
    if not problems:
        try:
            save_chapters(lesson, found, seen=request.POST.get("seen", ""), by=user, now=timezone.now())
        except MarksChanged as error:
            return _chapters_page(request, lesson, error.marks, _shown(typed, []), changed=True)
        messages.success(request, _("Chapters saved. Clients see them now."))
        return redirect("workspace_lesson_chapters", slug=slug)
    return _chapters_page(request, lesson, marks, _shown(typed, problems), problems=problems)


def _chapters_page(
    request: HttpRequest,
    lesson: Lesson,
    marks: Marks | None,
    rows: list[ShownRow],
    *,
    problems: list[Problem] | None = None,
    changed: bool = False,
    adds: bool = False,
) -> HttpResponse:
    page = _marks_page(lesson, marks, "chapters") | {
        "rows": [*rows, *[ShownRow("", "")] * (0 if adds else BLANK_ROWS)],
        "wrongs": _wrongs(problems or []),
        "changed": changed,
        "now_there": [f"{written(one.start_ms)} {one.title}" for one in marks.chapters]
        if marks and changed
        else [],
        "version": marks.chapters_version if marks else "",
        "proposals": _proposals(marks, rows) if marks else [],
        "unmeasured": marks is not None and marks.recording.silences is None,
        "adds": adds,
    }
    return render(request, "workspace/lesson_chapters.html", page, status=_status(problems, changed=changed))


def _proposals(marks: Marks, rows: list[ShownRow]) -> list[dict[str, str]]:
    """Return the proposals as pages show them, without those that a row of the table takes up."""
    here, _problems = read_chapters(
        [TypedRow(one.start, one.text or "-") for one in rows], length_ms=marks.recording.duration_ms
    )
    found = proposals(
        [(start, end) for start, end in marks.recording.silences or ()],
        chapters=[one.start_ms for one in here],
        length_ms=marks.recording.duration_ms,
    )
    return [
        {
            "at": written(one.at),
            "starts": clock(one.quiet_from),
            "ends": clock(one.quiet_to),
            "seconds": str(one.at // 1000),
        }
        for one in found
    ]


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def transcript(request: HttpRequest, slug: str) -> HttpResponse:
    """Show and save some sentences of the transcript at a time; the others stay."""
    user, lesson = edited_lesson(request, slug)
    marks = marks_of(lesson)
    number = _page_number(request, marks)
    here = slice(ON_A_PAGE * (number - 1), ON_A_PAGE * number)
    if request.method != "POST" or marks is None:
        rows = [
            ShownRow(written(one.start_ms), one.text, written(one.end_ms))
            for one in (marks.sentences[here] if marks else ())
        ]
        return _transcript_page(request, lesson, marks, rows, number=number)
    typed = _typed(request)
    others = marks.sentences[: here.start] + marks.sentences[here.stop :]
    found, problems = read_sentences(typed, length_ms=marks.recording.duration_ms, others=others)
    if problems:
        rows = _shown(typed, problems)
        return _transcript_page(request, lesson, marks, rows, number=number, problems=problems)
    try:
        save_sentences(lesson, found, seen=request.POST.get("seen", ""), by=user, now=timezone.now())
    except MarksChanged as error:
        return _transcript_page(request, lesson, error.marks, _shown(typed, []), number=number, changed=True)
    messages.success(request, _("Transcript saved. Clients see it now."))
    return redirect(f"{reverse('workspace_lesson_transcript', args=[slug])}?page={number}")


def _page_number(request: HttpRequest, marks: Marks | None) -> int:
    """Return which part of the transcript is asked for, from 1; one that is not there is the nearest."""
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return min(max(number, 1), _pages(marks))


def _pages(marks: Marks | None) -> int:
    return max(1, -(-len(marks.sentences) // ON_A_PAGE)) if marks else 1


def _transcript_page(
    request: HttpRequest,
    lesson: Lesson,
    marks: Marks | None,
    rows: list[ShownRow],
    *,
    number: int,
    problems: list[Problem] | None = None,
    changed: bool = False,
) -> HttpResponse:
    here = slice(ON_A_PAGE * (number - 1), ON_A_PAGE * number)
    page = _marks_page(lesson, marks, "transcript") | {
        "rows": [*rows, *[ShownRow("", "")] * BLANK_ROWS],
        "wrongs": _wrongs(problems or []),
        "changed": changed,
        "now_there": [f"{written(one.start_ms)} {one.text}" for one in marks.sentences[here]]
        if marks and changed
        else [],
        "version": marks.sentences_version if marks else "",
        "number": number,
        "pages": range(1, _pages(marks) + 1),
        "count": len(marks.sentences) if marks else 0,
    }
    return render(
        request, "workspace/lesson_transcript.html", page, status=_status(problems, changed=changed)
    )


# --- Shared by both tables -------------------------------------------------------------------------------
def _typed(request: HttpRequest) -> list[TypedRow]:
    """Return the rows as they were typed. A row without an end is a chapter's."""
    starts, texts, ends = (request.POST.getlist(name) for name in ("start", "text", "end"))
    ends += [""] * (len(starts) - len(ends))
    rows = [TypedRow(*one) for one in zip(starts, texts, ends, strict=False)]
    return [one for one in rows if not one.is_empty]


def _shown(rows: list[TypedRow], problems: list[Problem]) -> list[ShownRow]:
    wrong: dict[int | None, str] = {}
    for one in problems:
        wrong.setdefault(one.row, problem_in_words(one))
    return [ShownRow(one.start, one.text, one.end, wrong.get(at, "")) for at, one in enumerate(rows)]


def _wrongs(problems: list[Problem]) -> list[tuple[str, str]]:
    """Return the id of the row and the sentence of each problem, the first of each row."""
    first: dict[int | None, Problem] = {}
    for one in problems:
        first.setdefault(one.row, one)
    return [("" if row is None else f"row-{row}", problem_in_words(one)) for row, one in first.items()]


def _status(problems: list[Problem] | None, *, changed: bool) -> int:
    if changed:
        return HTTPStatus.CONFLICT
    return UNPROCESSABLE if problems else HTTPStatus.OK


def _marks_page(lesson: Lesson, marks: Marks | None, kind: str) -> dict[str, Any]:
    recording = marks.recording if marks else None
    return {
        "lesson": lesson,
        "kind": kind,
        "recording": recording,
        "length": clock(recording.duration_ms) if recording else "",
        "sound": _sound(recording) if recording and is_there(recording) else "",
    }


def _sound(recording: LessonAudio) -> str:
    return reverse("lesson_audio", args=[recording.lesson.slug, recording.sha256])


# --- WebVTT ----------------------------------------------------------------------------------------------
@staff_only
@require_safe
def vtt_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Return the chapters or the transcript as a WebVTT file. 404 without a recording."""
    _user, lesson = edited_lesson(request, slug)
    marks = marks_of(lesson)
    if kind not in KINDS or marks is None:
        raise Http404
    if kind == "chapters":
        text = webvtt.chapters_file(marks.chapters, length_ms=marks.recording.duration_ms)
    else:
        text = webvtt.sentences_file(marks.sentences)
    name = f'attachment; filename="{slug}-{kind}.vtt"'
    return HttpResponse(text, content_type="text/vtt; charset=utf-8", headers={"Content-Disposition": name})


@staff_only
@require_POST
def vtt_import(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Replace the chapters or the transcript by those of a file; one that cannot be used changes nothing."""
    user, lesson = edited_lesson(request, slug)
    marks = marks_of(lesson)
    if kind not in KINDS or marks is None:
        raise Http404
    sent = request.FILES.get("file")
    if sent is None:
        messages.error(request, _("Choose a WebVTT file first. Nothing was changed."))
        return redirect(f"workspace_lesson_{kind}", slug=slug)
    try:
        file = webvtt.read(webvtt.decoded(sent.read(webvtt.MOST_BYTES + 1)))
        count = _replace(lesson, marks, file, kind, seen=request.POST.get("seen", ""), by=user)
    except webvtt.BadVtt as error:
        said = _("%(file)s could not be used.") % {"file": sent.name}
        messages.error(request, f"{said} {file_in_words(error)}")
    except MarksChanged:
        messages.error(
            request,
            _("Someone else changed them while this page was open. Please look, then choose the file again."),
        )
    else:
        messages.success(request, _said_of_file(count, file.left_out, kind))
    return redirect(f"workspace_lesson_{kind}", slug=slug)


def _replace(lesson: Lesson, marks: Marks, file: webvtt.VttFile, kind: str, *, seen: str, by: User) -> int:
    """Save what is in the file, and return how many marks that are. Raises BadVtt or MarksChanged."""
    length = marks.recording.duration_ms
    found: list[ChapterMark] | list[TranscriptSentence]
    if kind == "chapters":
        found = chapters = webvtt.chapters_of(file, length_ms=length)
        save_chapters(lesson, chapters, seen=seen, by=by, now=timezone.now())
    else:
        found = sentences = webvtt.sentences_of(file, length_ms=length)
        save_sentences(lesson, sentences, seen=seen, by=by, now=timezone.now())
    return len(found)


def _said_of_file(count: int, left_out: int, kind: str) -> str:
    if kind == "chapters":
        said = _("Imported %(count)s chapters. Clients see them now.")
    else:
        said = _("Imported %(count)s sentences. Clients see them now.")
    if left_out:
        said += " " + _("%(empty)s without words were left out.")
    return said % {"count": count, "empty": left_out}
