"""The public address of pictures. No account, no query: a file's name is made of its content."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from practice.pictures.files import file_name
from practice.storage.chosen import media

FOR_A_YEAR = "public, max-age=31536000, immutable"


@login_not_required
@require_safe
def picture(request: HttpRequest, name: str, folder: str) -> HttpResponseBase:
    """Serve a picture, or let nginx do it; 404 for any other name."""
    try:
        file = file_name(folder, name)
    except ValueError as error:
        raise Http404("not the name of a picture") from error
    size = media().size(file)
    if size is None:
        raise Http404("this picture is gone")
    etag = f'"{name}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponseBase = HttpResponse(status=304)
    elif settings.X_ACCEL != "off":
        response = HttpResponse(headers={"X-Accel-Redirect": settings.X_ACCEL + quote(file)})
    else:
        response = FileResponse(media().open(file), headers={"Content-Length": str(size)})
    response.headers["Content-Type"] = "image/webp"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = FOR_A_YEAR
    response.headers["ETag"] = etag
    return response
