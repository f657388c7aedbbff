import pytest
from django.http import HttpResponse, StreamingHttpResponse

from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.middleware import TownMiddleware
from madoguchi.kernel.towns.models import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns():
    return (
        Town.objects.create(code="13208", name="調布市", hostname="chofu.example.jp"),
        Town.objects.create(code="13205", name="青梅市", hostname="ome.example.jp"),
    )


def test_a_request_runs_in_the_town_of_its_host(rf, towns):
    def view(request):
        return HttpResponse(f"{request.town.name} {current.town_id()}")

    for town in towns:
        answer = TownMiddleware(view)(rf.get("/", headers={"host": town.hostname}))
        assert answer.content.decode() == f"{town.name} {town.pk}"
    assert current.scope() is None


def test_an_unknown_host_is_not_found_and_says_what_to_do(rf, towns):
    answer = TownMiddleware(lambda request: pytest.fail("called"))(rf.get("/"))
    assert answer.status_code == 404
    assert "アドレスをもう一度お確かめください" in answer.content.decode()


def test_health_is_answered_without_a_town(rf):
    answer = TownMiddleware(lambda request: HttpResponse("ok"))(rf.get("/healthz"))
    assert answer.content == b"ok"


def test_a_streamed_answer_stays_in_its_town_and_leaves_no_town_behind(rf, towns):
    def parts():
        for _ in range(3):
            yield str(current.town_id())

    request = rf.get("/", headers={"host": "ome.example.jp"})
    answer = TownMiddleware(lambda request: StreamingHttpResponse(parts()))(request)
    stream = iter(answer)
    seen = []
    for part in stream:
        seen.append(part.decode())
        assert current.scope() is None
    assert seen == [str(towns[1].pk)] * 3
