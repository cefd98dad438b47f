"""The files that pages need are put in place when something changed, and not with every start."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from practice.site import static_files
from practice.web.static_storage import StaticFilesMiddleware


@pytest.fixture
def collected(settings, tmp_path, monkeypatch):
    """An empty place for them, and what `collectstatic` was asked, which only makes its list."""
    settings.VAR_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    asked = []

    def collectstatic(*words, **options):
        asked.append(words)
        settings.STATIC_ROOT.mkdir(exist_ok=True)
        (settings.STATIC_ROOT / "staticfiles.json").write_text("{}")

    monkeypatch.setattr(static_files, "call_command", collectstatic)
    return asked


@pytest.fixture
def source(settings, tmp_path):
    """A source of its own."""
    settings.STATICFILES_DIRS = [tmp_path / "sources"]
    (tmp_path / "sources").mkdir()
    file = tmp_path / "sources" / "quiet.css"
    file.write_text("p { color: black }")
    static_files.finders.get_finder.cache_clear()
    yield file
    static_files.finders.get_finder.cache_clear()


def test_they_are_put_in_place_once(collected):
    assert [static_files.collect(), static_files.collect()] == [True, False]
    assert len(collected) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda source, _settings: source.write_text("p { color: black; margin: 0 }"),
        lambda source, _settings: source.unlink(),
        lambda source, _settings: (source.parent / "new.css").write_text(""),
        lambda _source, settings: (settings.STATIC_ROOT / "staticfiles.json").unlink(),
        lambda _source, settings: setattr(settings, "STATIC_URL", "/files/"),
    ],
    ids=["a change", "one less", "one more", "removed by hand", "a setting"],
)
def test_and_again_after(change, source, collected, settings):
    static_files.collect()
    change(source, settings)
    assert [static_files.collect(), static_files.collect()] == [True, False]


def test_what_ends_half_way_is_done_again(collected, monkeypatch):
    static_files.collect()
    monkeypatch.setattr(static_files, "fingerprint", lambda: "another")
    collect = static_files.call_command

    def disk_full(*words, **options):
        raise OSError("No space left on device")

    monkeypatch.setattr(static_files, "call_command", disk_full)
    with pytest.raises(OSError, match="No space"):
        static_files.collect()
    monkeypatch.setattr(static_files, "call_command", collect)
    assert static_files.collect()


def test_a_file_that_was_put_there_after_the_start_is_served_and_nothing_beside_it(settings, tmp_path):
    settings.WHITENOISE_AUTOREFRESH, settings.STATIC_ROOT = False, tmp_path / "static"
    (tmp_path / "static" / "css").mkdir(parents=True)
    (tmp_path / "secret").write_text("x")
    middleware = StaticFilesMiddleware(lambda _request: HttpResponse(status=404))

    def status(path: str) -> int:
        return middleware(RequestFactory().get(path)).status_code

    assert status("/static/css/new.css") == 404
    (tmp_path / "static" / "css" / "new.css").write_text("p { color: black }")
    assert [status("/static/css/new.css") for _ in range(2)] == [200, 200]
    elsewhere = ["/static/css", "/static/css/", "/static/../secret", "/static/css/new.css/", "/css/new.css"]
    assert {status(path) for path in elsewhere} == {404}
