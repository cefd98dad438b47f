"""The public address of pictures. No account, no query: a file's name is made of its content."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from practice.pictures.files import file_path

FOR_A_YEAR = "public, max-age=31536000, immutable"


@login_not_required
@require_safe
def picture(request: HttpRequest, name: str, folder: str) -> HttpResponseBase:
    """Serve a picture, or let nginx do it; 404 for any other name."""
    try:
        within = file_path(folder, name)
    except ValueError as error:
        raise Http404("not the name of a picture") from error
    path = Path(settings.MEDIA_ROOT) / within
    if not path.is_file():
        raise Http404("this picture is gone")
    etag = f'"{name}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponseBase = HttpResponse(status=304)
    elif settings.X_ACCEL != "off":
        response = HttpResponse(headers={"X-Accel-Redirect": settings.X_ACCEL + quote(within.as_posix())})
    else:
        response = FileResponse(path.open("rb"))
    response.headers["Content-Type"] = "image/webp"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = FOR_A_YEAR
    response.headers["ETag"] = etag
    return response
