"""The pages of an import: choose a file, match columns, check rows, import, undo. The owner's alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from booking.models import Import, ImportRow
from booking.moving_in import queries
from booking.moving_in.actions import steps
from booking.moving_in.actions.upload import NotReady, receive
from booking.moving_in.engine.cells import lines
from booking.moving_in.engine.columns import PRESETS
from booking.moving_in.engine.table import NoTable
from booking.moving_in.forms import UploadForm
from booking.moving_in.matching_views import matching_page
from booking.moving_in.wording import button_words, made_words, progress_words, refusal
from practice.access.pages import owner_only, require_owner
from practice.queries import practice_zone, the_practice
from practice.security.crypto import Unreadable

State, Verdict = Import.State, ImportRow.Verdict
MANY = 30


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Show what was imported; POST takes a file."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            job = receive(
                form.cleaned_data["file"],
                kind=form.cleaned_data["kind"],
                by=require_owner(request),
                now=timezone.now(),
            )
        except NoTable as error:
            form.add_error("file", refusal(error))
        else:
            return redirect("workspace_import_one", pk=job.pk)
    page = {
        "form": form,
        "jobs": Import.objects.all()[:MANY],
        "presets": list(dict.fromkeys(one.name for one in PRESETS)),
        "zone": practice_zone(the_practice()),
    }
    return render(request, "workspace/imports.html", page, status=422 if form.errors else 200)


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def import_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the step at which an import is; POST does the next one."""
    job = import_or_404(pk)
    if request.method == "POST" and (step := STEPS.get(request.POST.get("do", ""))):
        try:
            step(job)
        except NotReady:
            messages.warning(request, _("This import has changed in the meantime."))
        if request.POST["do"] == "discard":
            messages.success(request, _("The file is removed. Nothing was imported."))
            return redirect("workspace_import")
        return redirect("workspace_import_one", pk=pk)
    try:
        return _page_of(request, job)
    except NotReady:
        messages.warning(request, _("This import has changed in the meantime."))
        return redirect("workspace_import_one", pk=pk)
    except Unreadable:
        messages.error(request, _("The key that opens this file is lost. Please upload the file again."))
        return redirect("workspace_import")


def _page_of(request: HttpRequest, job: Import) -> HttpResponse:
    if job.state == State.MATCHING:
        return matching_page(request, job)
    return _progress_page(request, job) if job.is_at_work else _result_page(request, job)


@owner_only
@require_safe
def import_failed(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the rows that were not imported, with the reasons, as a file."""
    found = lines(queries.failed_rows(import_or_404(pk), reason=_("Reason")))
    answer = StreamingHttpResponse(found, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="not-imported-{pk}.csv"'
    return answer


def import_or_404(pk: int) -> Import:
    """Return an import without its file; 404 if there is none."""
    job = Import.objects.filter(pk=pk).first()
    if job is None:
        raise Http404
    return job


def _progress_page(request: HttpRequest, job: Import) -> HttpResponse:
    page = {
        "job": job,
        "words": progress_words(job.state),
        "progress": queries.progress_of(job),
        "stoppable": job.state == State.RUNNING,
        "back": job.state == State.CHECKING,
    }
    return render(request, "workspace/import_progress.html", page)


def _result_page(request: HttpRequest, job: Import) -> HttpResponse:
    """Show the rows that were checked, or what became of them."""
    counts, asked = queries.counts_of(job), request.GET.get("show", "")
    rows = queries.rows_of(job, verdict=asked, number=request.GET.get("page"))
    undone = job.state == State.UNDONE
    page: dict[str, Any] = {
        "job": job,
        "checked": job.state == State.CHECKED,
        "stopped": job.state == State.STOPPED,
        "undone": undone,
        "undoable": job.state in (State.DONE, State.STOPPED),
        "zone": practice_zone(the_practice()),
        "counts": [(one, words, counts[one]) for one, words in Verdict.choices],
        "total": sum(counts.values()),
        "made": made_words(job.kind, counts[Verdict.NEW]),
        "button": button_words(job.kind, counts[Verdict.NEW]),
        "anything": counts[Verdict.NEW] or any(job.choices.get(one) for one in ("fill",)),
        "left_out": counts[Verdict.FAILED] + counts[Verdict.SKIPPED],
        "asked": asked if asked in Verdict.values else "",
        "page": rows,
        "rows": queries.shown(rows),
        "stays": queries.shown(queries.stays_of(job), stays=True) if undone else [],
    }
    return render(request, "workspace/import_result.html", page)


STEPS: dict[str, Callable[[Import], Any]] = {
    "match": steps.match_again,
    "import": steps.start_import,
    "stop": lambda job: steps.stop(job, now=timezone.now()),
    "resume": steps.resume,
    "undo": steps.start_undo,
    "discard": steps.discard,
}
