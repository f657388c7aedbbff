"""What the resident home costs in CPU, beside a bare Django view: ``benchmarks/public_page.py``.

    .venv/bin/python benchmarks/public_page.py

Uncached: every middleware of the house, the town looked up, the page drawn. The baseline in the
same run is what ``django-admin startproject`` gives (its middleware and context processors) with
one flat template of the same bytes, in which every text is a variable. Cached: the kept page, and
the 304 for a browser that has it. To reach: uncached at most 2 times the baseline, cached at most
0.5 ms. The wall clock plays no part: all figures are CPU time of this process.
"""

import io
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

MOST_RATIO = 2.0
MOST_CACHED_MS = 0.5
ROUNDS, TIMES = 9, 150
STARTPROJECT = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
Answer = tuple[str, dict[str, str], bytes]


def ask(handler: Any, **more: str) -> Answer:
    """One GET of ``/`` through a WSGI handler: status, headers, body."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
        **more,
    }
    head: list[Any] = []
    response = handler(environ, lambda status, headers: head.extend((status, dict(headers))))
    body = b"".join(response)
    response.close()
    return head[0], head[1], body


def cpu_ms(call: Callable[[], object]) -> float:
    """CPU milliseconds of one call: the median of rounds."""
    call()
    rounds = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        for _ in range(TIMES):
            call()
        rounds.append((time.process_time() - begin) / TIMES * 1000)
    return statistics.median(rounds)


def bare_handler(page: str) -> Any:
    """A startproject-like handler whose template makes the same bytes as ``page``."""
    import django.test.signals  # noqa: F401  (forgets engines and URLs when settings change)
    from django.core.handlers.wsgi import WSGIHandler
    from django.shortcuts import render
    from django.test.utils import override_settings
    from django.urls import path

    texts: list[str] = []

    def variable(found: re.Match[str]) -> str:
        texts.append(found[1])
        return f">{{{{ texts.{len(texts) - 1}|safe }}}}<"

    source = re.sub(r">([^<>]*[^<>\s][^<>]*)<", variable, page)
    folder = tempfile.mkdtemp(prefix="madoguchi-bench-")
    with open(os.path.join(folder, "bare.html"), "w", encoding="utf-8") as file:
        file.write(source)
    module = type(sys)("bare_urls")
    module.urlpatterns = [path("", lambda request: render(request, "bare.html", {"texts": texts}))]
    sys.modules["bare_urls"] = module
    backend = "django.template.backends.django.DjangoTemplates"
    options = {"context_processors": PROCESSORS}
    override_settings(
        TEMPLATES=[{"BACKEND": backend, "DIRS": [folder], "OPTIONS": options}],
        MIDDLEWARE=STARTPROJECT,
        ROOT_URLCONF="bare_urls",
    ).enable()
    return WSGIHandler()


def set_up() -> None:
    """An installation of one town in a folder of its own."""
    os.environ["MADOGUCHI_DATA"] = tempfile.mkdtemp(prefix="madoguchi-bench-")
    os.environ["MADOGUCHI_SECRET_KEY"] = "only-for-this-measurement" * 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.settings.embedded")
    import django
    from django.conf import settings

    settings.STORAGES = {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    django.setup()
    from django.core.management import call_command

    from madoguchi.kernel.towns import api, current

    with current.everywhere("set up the measurement"):
        call_command("migrate", verbosity=0)
        api.create_town("13208", contact_phone="000-000-0000")


def main() -> int:
    """Print the figures; 1 when one is missed."""
    set_up()
    from django.core.handlers.wsgi import WSGIHandler

    ours = WSGIHandler()
    status, _, body = ask(ours, QUERY_STRING="fresh=1")
    assert status.startswith("200"), status
    page = body.decode()
    uncached = cpu_ms(lambda: ask(ours, QUERY_STRING="fresh=1"))
    etag = ask(ours)[1]["ETag"]
    cached = cpu_ms(lambda: ask(ours))
    known = cpu_ms(lambda: ask(ours, HTTP_IF_NONE_MATCH=etag))
    bare = bare_handler(page)
    same = ask(bare)[2]
    assert same.decode() == page, "the baseline must make the same bytes"
    baseline = cpu_ms(lambda: ask(bare))
    print(f"resident home, {len(body)} bytes, CPU per request, load {os.getloadavg()[0]:.1f}")
    print(f"bare Django view  {baseline:6.3f} ms")
    ratio = uncached / baseline
    print(f"uncached          {uncached:6.3f} ms  {ratio:.2f} x (at most {MOST_RATIO})")
    print(f"cached            {cached:6.3f} ms  (at most {MOST_CACHED_MS} ms)")
    print(f"304               {known:6.3f} ms")
    return int(ratio > MOST_RATIO or cached > MOST_CACHED_MS)


if __name__ == "__main__":
    sys.exit(main())
