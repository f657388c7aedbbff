"""The page on which staff pastes posts that it found: looked at first, then taken in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from madoguchi.channels.sns import api, links, pasted, taking
from madoguchi.channels.sns import setup as setups
from madoguchi.channels.sns.data import NETWORK_NAMES, Network, OpenPost, Outcome
from madoguchi.channels.sns.forms import PasteForm
from madoguchi.channels.sns.taking import Terms
from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.kernel.towns import api as towns

WORDS = {
    Outcome.TAKEN: "取り込みます",
    Outcome.KNOWN: "もう取り込んであります",
    Outcome.REPEATED: "同じ文の投稿があります。数だけを加えます",
}
EVERYTHING = Terms(lambda _post, _now: True, None)
"""Staff chose these posts itself."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One pasted post as the page shows it before it is taken in."""

    text: str
    url: str
    network: str
    what: str
    known: bool
    is_new: bool
    preview: api.Preview


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required("operator")
def page(request: StaffRequest) -> HttpResponse:
    """The form; what was pasted, as it would be read; or take it in."""
    if request.method == "GET":
        return _page(request, PasteForm(initial={"network": Network.X.value}))
    form = PasteForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    posts = _posts(form.cleaned_data["text"], Network(form.cleaned_data["network"]))
    if "take" not in request.POST:
        return _page(request, form, looked=[_look(post) for post in posts])
    outcomes = taking.take(posts, EVERYTHING)
    audit.record(
        "sns.paste",
        f"staff:{request.staff.pk}",
        actor=request.staff.actor,
        taken=outcomes.count(Outcome.TAKEN),
        given=len(outcomes),
    )
    messages.success(request, _said(outcomes))
    return redirect("sns:page")


def _page(
    request: StaffRequest, form: PasteForm, *, looked: Sequence[Looked] = (), status: int = 200
) -> HttpResponse:
    kept = setups.KEEPER.of(towns.here())
    taken, limit = taking.taken_today(clock.now()), setups.daily_limit(kept)
    context = {
        "form": form,
        "looked": looked,
        "anything_new": not all(post.known for post in looked),
        "taken": taken,
        "limit": limit,
        "full": taken >= limit,
    }
    return render(request, "channels_sns/paste.html", context, status=status)


def _posts(text: str, chosen: Network) -> list[OpenPost]:
    """What was pasted; without an address the words themselves say which post it is."""
    now = clock.now()
    posts = []
    for found in pasted.split(text):
        network = links.network_of(found.url) or chosen
        id_ = links.identity(network, found.url) or f"text:{taking.words_of(found.text)}"
        posts.append(OpenPost(network, id_, "", found.text, now, links.clean(found.url)))
    return posts


def _look(post: OpenPost) -> Looked:
    outcome = taking.look(post)
    return Looked(
        text=post.text,
        url=post.url,
        network=NETWORK_NAMES[post.network],
        what=WORDS[outcome],
        known=outcome is Outcome.KNOWN,
        is_new=outcome is Outcome.TAKEN,
        preview=api.preview(post.text, post.posted_at),
    )


def _said(outcomes: Sequence[Outcome]) -> str:
    taken, again = outcomes.count(Outcome.TAKEN), outcomes.count(Outcome.REPEATED)
    parts = [f"{taken}件を取り込みました。数秒で地図に出ます。"] if taken else []
    if again:
        parts.append(f"{again}件は同じ文の投稿があったので、その数に加えました。")
    if known := len(outcomes) - taken - again:
        parts.append(f"{known}件は、もう取り込んでありました。")
    return "".join(parts)
