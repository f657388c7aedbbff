"""Acting for a relative: the life of a consent, against a plain model of it."""

import contextlib
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.clock import api as clocks
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people import proxies
from madoguchi.kernel.people.models import Person, Proxy, ProxyAsk, ProxyCode
from madoguchi.kernel.people.proxies import ProxyRefused
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

STAFF = "staff:1"


def person(name: str = "") -> int:
    return Person.objects.create(display_name=name).pk


def asked(relative: int, for_name: str = "山田ハル") -> ProxyAsk:
    return proxies.ask(relative, name="山田花子", for_name=for_name, relation="child")


def consented() -> tuple[int, int, Proxy]:
    relative, parent = person(), person()
    asked(relative)
    return relative, parent, proxies.redeem(relative, proxies.make_code(parent))


def test_the_digits_told_by_the_person_are_the_consent(town: Town) -> None:
    relative, parent, proxy = consented()
    assert (proxy.person_id, proxy.for_person_id, proxy.consent_by) == (relative, parent, "own")
    assert proxies.open_ask(relative) is None
    for_whom, by_whom = proxies.of_person(parent)
    assert (for_whom, [p.pk for p in by_whom]) == ([], [proxy.pk])


def test_without_consent_nothing_is_known_of_the_person(town: Town) -> None:
    relative, parent = person(), person("山田ハル")
    row = asked(relative)
    assert not hasattr(row, "for_person_id")
    assert proxies.of_person(relative) == ([], [])
    assert people.acting_for(relative) is None
    assert proxies.of_person(parent) == ([], [])


def test_a_code_serves_once_and_for_half_an_hour(town: Town, clock: FixedClock) -> None:
    relative, other, parent = person(), person(), person()
    asked(relative)
    asked(other)
    code = proxies.make_code(parent)
    proxies.redeem(relative, code)
    with pytest.raises(ProxyRefused):
        proxies.redeem(other, code)
    code = proxies.make_code(parent)
    clock.advance(timedelta(minutes=30))
    with pytest.raises(ProxyRefused):
        proxies.redeem(other, code)


def test_a_newer_code_ends_the_older(town: Town) -> None:
    relative, parent = person(), person()
    asked(relative)
    first = proxies.make_code(parent)
    second = proxies.make_code(parent)
    if first != second:
        with pytest.raises(ProxyRefused):
            proxies.redeem(relative, first)
    assert proxies.redeem(relative, second)


def test_digits_are_not_kept_in_clear(town: Town) -> None:
    code = proxies.make_code(person())
    assert len(code) == 6
    assert code not in ProxyCode.objects.get().digest


def test_who_guesses_is_stopped(town: Town) -> None:
    relative, parent = person(), person()
    asked(relative)
    right = proxies.make_code(parent)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(proxies.MOST_TRIES):
        with pytest.raises(ProxyRefused, match="番号が違う"):
            proxies.redeem(relative, wrong)
    with pytest.raises(ProxyRefused, match="窓口"):
        proxies.redeem(relative, right)
    asked(relative)  # asking anew does not give new tries
    with pytest.raises(ProxyRefused, match="窓口"):
        proxies.redeem(relative, right)


def test_nobody_consents_to_themselves(town: Town) -> None:
    me = person()
    row = asked(me)
    with pytest.raises(ProxyRefused):
        proxies.redeem(me, proxies.make_code(me))
    with pytest.raises(ProxyRefused):
        proxies.record_consent(
            row.pk, by="paper", on=date(2026, 7, 1), for_person_id=me, actor=STAFF
        )


def test_consent_on_paper_is_recorded_with_its_day(town: Town) -> None:
    relative = person()
    row = asked(relative)
    proxy = proxies.record_consent(row.pk, by="paper", on=date(2026, 6, 20), actor=STAFF)
    assert clocks.jst(proxy.consent_at).date() == date(2026, 6, 20)
    assert clocks.jst(proxy.ends_at).date() == date(2027, 6, 20)
    assert proxy.for_person.display_name == "山田ハル"
    with pytest.raises(ProxyRefused):
        proxies.record_consent(row.pk, by="paper", on=date(2026, 6, 20), actor=STAFF)


@pytest.mark.parametrize("on", [date(2026, 7, 2), date(2026, 5, 1)])
def test_a_day_to_come_or_long_past_is_refused(town: Town, on: date) -> None:
    row = asked(person())
    with pytest.raises(ProxyRefused):
        proxies.record_consent(row.pk, by="paper", on=on, actor=STAFF)
    with pytest.raises(ProxyRefused):
        proxies.record_consent(row.pk, by="own", on=date(2026, 7, 1), actor=STAFF)


def test_acting_lasts_an_hour_and_ends_with_the_consent(town: Town, clock: FixedClock) -> None:
    relative, parent, proxy = consented()
    proxies.act(proxy.pk, relative)
    assert people.acting_for(relative) == parent
    clock.advance(timedelta(minutes=60))
    assert people.acting_for(relative) is None
    proxies.act(proxy.pk, relative)
    proxies.end(proxy.pk, actor=f"person:{parent}")
    assert people.acting_for(relative) is None
    with pytest.raises(ProxyRefused):
        proxies.act(proxy.pk, relative)


def test_somebody_else_cannot_act(town: Town) -> None:
    _, _, proxy = consented()
    with pytest.raises(ProxyRefused):
        proxies.act(proxy.pk, person())


def test_it_ends_after_a_year_by_itself_unless_renewed(town: Town, clock: FixedClock) -> None:
    _, _, proxy = consented()
    clock.advance(timedelta(days=364))
    proxies.renew(proxy.pk, by="phone", actor=STAFF)
    clock.advance(timedelta(days=364))
    assert proxies.lasting().count() == 1
    clock.advance(timedelta(days=1))
    assert not proxies.lasting().exists()
    with pytest.raises(ProxyRefused):
        proxies.renew(proxy.pk, by="phone", actor=STAFF)
    assert proxies.end_what_is_over() == 1
    proxy.refresh_from_db()
    assert (proxy.ended_by, proxy.ended_at) == ("system:year", proxy.ends_at)


def test_every_step_and_every_reading_stands_in_the_log(town: Town) -> None:
    relative, parent, proxy = consented()
    proxies.act(proxy.pk, relative)
    proxies.renew(proxy.pk, by="own", actor=f"person:{parent}")
    list(proxies.read(actor=STAFF, purpose="desk"))
    proxies.end(proxy.pk, actor=f"person:{relative}")
    verbs = list(Entry.objects.filter(verb__startswith="proxy").values_list("verb", flat=True))
    steps = ("ask", "code", "consent", "act", "renew", "read", "end")
    assert verbs == [f"proxy.{step}" for step in steps]


def test_erasing_either_ends_all_of_it(town: Town) -> None:
    relative, parent, _ = consented()
    asked(relative, "ほかの人")
    proxies.make_code(parent)
    people.erase(parent, actor=STAFF)
    people.erase(relative, actor=STAFF)
    for model in (Proxy, ProxyAsk, ProxyCode):
        assert not model.objects.exists()


def test_another_town_sees_none_of_it(town: Town, other_town: Town) -> None:
    relative, _, proxy = consented()
    code = proxies.make_code(proxy.for_person_id)
    with current.use(other_town.pk):
        stranger = person()
        asked(stranger)
        with pytest.raises(ProxyRefused):
            proxies.redeem(stranger, code)
        assert people.acting_for(relative) is None
        with pytest.raises(Proxy.DoesNotExist):
            proxies.end(proxy.pk, actor=STAFF)


class Life(RuleBasedStateMachine):
    """One relative and two parents; ``until`` is what should be in force: parent -> its end."""

    def __init__(self) -> None:
        super().__init__()
        self.relative, *self.parents = person(), person(), person()
        self.until: dict[int, Any] = {}
        self.acting: tuple[int, Any] | None = None
        self.asking = False

    @property
    def now(self) -> Any:
        return clocks.now()

    def in_force(self) -> set[int]:
        return {parent for parent, until in self.until.items() if until > self.now}

    def row(self, parent: int) -> Proxy:
        return Proxy.objects.filter(person_id=self.relative, for_person_id=parent).latest("id")

    @rule()
    def ask(self) -> None:
        asked(self.relative)
        self.asking = True

    @rule(which=st.sampled_from((0, 1)))
    def consent_by_code(self, which: int) -> None:
        code = proxies.make_code(self.parents[which])
        if not self.asking:
            with pytest.raises(ProxyRefused):
                proxies.redeem(self.relative, code)
            return
        proxies.redeem(self.relative, code)
        self._now_in_force(self.parents[which])

    @precondition(lambda self: self.asking)
    @rule(which=st.sampled_from((0, 1)))
    def consent_on_paper(self, which: int) -> None:
        row = proxies.open_ask(self.relative)
        assert row
        today = clocks.jst(self.now).date()
        parent = self.parents[which]
        proxies.record_consent(row.pk, by="paper", on=today, for_person_id=parent, actor=STAFF)
        self._now_in_force(parent)

    def _now_in_force(self, parent: int) -> None:
        self.asking = False
        self.until[parent] = self.now + timedelta(days=365)
        if self.acting and self.acting[0] == parent:
            self.acting = None

    @rule(which=st.sampled_from((0, 1)), who=st.sampled_from(("relative", "parent", "staff")))
    def end(self, which: int, who: str) -> None:
        parent = self.parents[which]
        if parent not in self.until:
            return
        actor = {"relative": f"person:{self.relative}", "parent": f"person:{parent}"}
        proxies.end(self.row(parent).pk, actor=actor.get(who, STAFF))
        del self.until[parent]
        if self.acting and self.acting[0] == parent:
            self.acting = None

    @rule(which=st.sampled_from((0, 1)))
    def renew(self, which: int) -> None:
        parent = self.parents[which]
        if parent not in self.until:
            return
        with contextlib.suppress(ProxyRefused) if parent not in self.in_force() else _nothing():
            proxies.renew(self.row(parent).pk, by="phone", actor=STAFF)
            self.until[parent] = self.now + timedelta(days=365)

    @rule(which=st.sampled_from((0, 1)))
    def act(self, which: int) -> None:
        parent = self.parents[which]
        if parent not in self.until:
            return
        if parent in self.in_force():
            proxies.act(self.row(parent).pk, self.relative)
            self.acting = (parent, self.now + timedelta(hours=1))
        else:
            with pytest.raises(ProxyRefused):
                proxies.act(self.row(parent).pk, self.relative)

    @rule()
    def look_after(self) -> None:
        proxies.end_what_is_over()

    @rule(days=st.sampled_from((0, 1, 90, 364, 365)), minutes=st.sampled_from((1, 59, 61)))
    def time_passes(self, days: int, minutes: int) -> None:
        CLOCK[0].advance(timedelta(days=days, minutes=minutes))

    @invariant()
    def what_is_in_force_is_what_was_consented_to(self) -> None:
        found = proxies.lasting().filter(person_id=self.relative)
        assert sorted(found.values_list("for_person_id", flat=True)) == sorted(self.in_force())

    @invariant()
    def nobody_is_acted_for_without_consent(self) -> None:
        parent, until = self.acting or (None, None)
        if parent not in self.in_force() or until <= self.now:
            parent = None
        assert people.acting_for(self.relative) == parent


CLOCK: list[FixedClock] = []


@contextlib.contextmanager
def _nothing() -> Any:
    yield


def test_the_life_of_a_consent(town: Town, clock: FixedClock) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    CLOCK[:] = [clock]
    run_state_machine_as_test(
        Life, settings=settings(max_examples=30, stateful_step_count=25, deadline=None)
    )
