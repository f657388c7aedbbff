"""The whole way of a letter: mailbox, ledger, case on the map, answer in the resident's mailbox."""

from madoguchi.channels.mail.models import StoredLetter
from madoguchi.kernel.cases import domain
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.people.models import Contact

from .conftest import ADDRESS, RESIDENT, House, letter


def test_a_letter_becomes_a_case_and_is_answered_in_its_thread(house: House) -> None:
    imap = house.post.imap
    imap.let_in(RESIDENT)
    house.put(letter("調布市布田1丁目の道路が冠水しています。", subject="道路のこと"))
    house.work()
    case = Case.objects.get()
    assert case.lat is not None
    assert "flood" in case.categories or "road" in case.categories
    contact = Contact.objects.get(channel="mail", address=RESIDENT)
    assert contact.verified is False
    [answer] = imap.mails(RESIDENT)
    assert answer["In-Reply-To"] == "<letter-1@example.ne.jp>"
    assert answer["References"] == "<letter-1@example.ne.jp>"
    assert answer["Subject"] == "Re: 道路のこと"
    assert answer["Auto-Submitted"] == "auto-replied"
    assert answer["To"] == RESIDENT
    assert ADDRESS in answer["From"]
    assert case.number in answer.get_content()
    assert Outbox.objects.get().state == "sent"
    assert imap.unseen(ADDRESS, "Madoguchi") == 0

    domain.assign(case.pk, department_id=_department(), actor="system:test")
    house.work()
    later = imap.mails(RESIDENT)[-1]
    assert later["In-Reply-To"] == "<letter-1@example.ne.jp>"
    assert later["Auto-Submitted"] == "auto-generated"
    assert later["Message-ID"] != answer["Message-ID"]
    assert "担当します" in later.get_content()


def test_an_answer_to_a_question_is_read_without_the_quoted_question(house: House) -> None:
    house.put(letter("道路が冠水しています。", number=1))
    house.work()
    [question] = house.post.smtp.to(RESIDENT)
    assert Case.objects.get().lat is None
    quoted = "\n".join(f"> {line}" for line in question.get_content().splitlines())
    answer = f"布田1丁目です\n\n2026年7月1日(水) 12:00 調布市 <{ADDRESS}>:\n{quoted}\n"
    headers = {"In-Reply-To": question["Message-ID"], "References": question["Message-ID"]}
    house.put(letter(answer, subject="Re: お知らせ", number=2, headers=headers))
    house.work()
    assert Inbound.objects.latest("id").text == "布田1丁目です"
    assert "> " in StoredLetter.objects.latest("id").text
    assert Case.objects.get().lat is not None


def _department() -> int:
    from madoguchi.kernel.people.models import Department

    return Department.objects.create(name="道路課").pk
