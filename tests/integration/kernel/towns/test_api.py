import pytest

from madoguchi.kernel.towns import api, pack
from madoguchi.kernel.towns.models import Town

pytestmark = pytest.mark.django_db


def test_a_town_is_set_up_from_its_pack_once():
    town = api.create_town("13208")
    assert (town.code, town.name, town.emergency_phone) == ("13208", "調布市", "119")
    town.contact_phone = "042-000-0000"
    town.save()
    assert api.create_town("13208").contact_phone == "042-000-0000"
    assert api.get("13208") == town


def test_a_town_without_a_pack_is_an_error_that_says_what_to_type():
    with pytest.raises(pack.UnknownTown, match="調布市"):
        api.create_town("99999")


def test_one_town_answers_at_any_host():
    town = Town.objects.create(code="13208", name="調布市", hostname="chofu.example.jp")
    for host in ("127.0.0.1:8000", "chofu.example.jp", "[::1]:8000", ""):
        assert api.for_host(host) == town


def test_with_several_towns_the_hostname_decides():
    chofu = Town.objects.create(code="13208", name="調布市", hostname="chofu.example.jp")
    ome = Town.objects.create(code="13205", name="青梅市", hostname="ome.example.jp")
    assert api.for_host("chofu.example.jp") == chofu
    assert api.for_host("OME.example.jp.:443") == ome
    assert api.for_host("other.example.jp") is None
    assert api.for_host("[::1]:80") is None
    default = Town.objects.create(code="13201", name="八王子市")
    assert api.for_host("other.example.jp") == default
    assert api.for_host("ome.example.jp") == ome


def test_without_towns_nobody_answers():
    assert api.for_host("127.0.0.1") is None
