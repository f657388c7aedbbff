"""Relatives who act for somebody: what pages and the conversation both do."""

from django.db import transaction

from madoguchi.channels import registry
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages import outbox
from madoguchi.kernel.messages.data import Outgoing
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people import proxies
from madoguchi.kernel.people.models import Contact, Proxy
from madoguchi.kernel.towns import current
from madoguchi.services.helpdesk import family_words as words
from madoguchi.ui.words import Language, Words

LOOK_EVERY_S = 600.0


def give_code(contact: people.ContactRef) -> None:
    """Six digits to the person's own channel, with what it means to tell them."""
    with transaction.atomic():
        code = proxies.make_code(contact.person_id)
        said = words.filled(words.CODE, code=code).plain(_language(contact.language))
        outbox.say(contact.channel, contact.address, [Outgoing(said)], about="family")


def redeem(person_id: int, code: str) -> Proxy:
    """The relative enters the digits; both hear of it. Raises ``ProxyRefused``."""
    return proxies.redeem(person_id, code, tell_both)


def tell_both(proxy: Proxy) -> None:
    """Say to both that one acts for the other now."""
    relative, person = proxy.person, proxy.for_person
    relative.refresh_from_db()
    person.refresh_from_db()
    tell(relative.pk, words.filled(words.BEGUN, name=person.display_name))
    tell(person.pk, words.filled(words.GIVEN, name=relative.display_name))


def end(proxy: Proxy, *, actor: str) -> None:
    """End it; both hear of it."""
    with transaction.atomic():
        if proxy.ended_at is None:
            proxies.end(proxy.pk, actor=actor)
            for person_id in (proxy.person_id, proxy.for_person_id):
                tell(person_id, words.ENDED)


def tell(person_id: int, said: Words) -> None:
    """Queue words on every way that leads to a person (none for who came on paper alone)."""
    rows = Contact.objects.filter(
        person_id=person_id, following=True, channel__in=registry.kinds()
    ).select_related("person")
    for contact in rows.order_by("id"):
        language = _language(contact.person.preferred_language)
        outbox.say(
            contact.channel, contact.address, [Outgoing(said.plain(language))], about="family"
        )


def end_what_is_over() -> int:
    """End what has lasted its year, in every town; both hear of it. A step of the runtime."""
    with current.everywhere("find consents that are over"):
        over = Proxy.objects.filter(ended_at=None, ends_at__lte=clock.now())
        found = sorted(over.values_list("town_id", "pk"))
    for town, pk in found:
        with current.use(town), transaction.atomic():
            proxy = Proxy.objects.get(pk=pk)
            if proxies.end_what_is_over():
                for person_id in (proxy.person_id, proxy.for_person_id):
                    tell(person_id, words.ENDED)
    return 0


def _language(chosen: str) -> Language:
    return Language(chosen) if chosen in set(Language) else Language.JA
