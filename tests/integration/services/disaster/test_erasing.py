"""A person's words go from every room; the case, the numbers and the audit chain stay."""

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages.models import Conversation, Inbound, Outbox
from madoguchi.kernel.people import api as people
from madoguchi.services.disaster.models import Report

from .conftest import Resident, only_case


def test_nothing_of_an_erased_person_is_left_but_rows(resident: Resident, photo_key: str) -> None:
    resident.say("床上まで水が来ています", file_key=photo_key)
    resident.say("布田駅のとなりの家です")
    audit.seal(resident.clock.now())
    person = Report.objects.get().contact.person_id
    number = only_case().number
    people.erase(person, actor="staff:1")
    for row in Inbound.objects.all():
        assert (row.text, row.lat, row.state) == ("", None, "done")
        assert resident.address not in row.sender
    for row in Outbox.objects.all():
        assert (row.messages, row.recipient == resident.address) == ([], False)
    assert not Conversation.objects.filter(sender=resident.address).exists()
    assert Report.objects.get().text == ""
    assert only_case().number == number
    audit.seal(resident.clock.now())
    assert audit.verify().ok


def test_a_photo_that_somebody_else_sent_too_is_kept_for_them(
    resident: Resident, neighbour: Resident, photo_key: str
) -> None:
    resident.say("国領町3丁目で冠水しています", file_key=photo_key)
    neighbour.say("国領町三丁目、道が水没", file_key=photo_key)
    mine = Report.objects.get(contact__channel="web").contact.person_id
    people.erase(mine, actor="staff:1")
    assert files.open_file(files.ref_by_key(photo_key).key).exists()
    theirs = Report.objects.get(contact__channel="line").contact.person_id
    people.erase(theirs, actor="staff:1")
    assert Inbound.objects.exclude(file__erased_at__isnull=False).count() == 0
