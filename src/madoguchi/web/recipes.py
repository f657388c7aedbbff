"""The page 「レシピ」: write this town's set-up to a file, or take over that of another town."""

import hashlib
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.kernel.towns.models import Town
from madoguchi.ui import recipes
from madoguchi.ui.recipes import Part, RecipeRefused

HASH_SHOWN = 16


@dataclass(frozen=True, slots=True)
class Change:
    """What one part of a recipe would change."""

    part: Part
    lines: list[str]


@never_cache
@require_safe
@staff_required("admin")
def page(request: StaffRequest) -> HttpResponse:
    """What a recipe is, a button to write one, a field to read one."""
    return render(request, "web/recipes.html", {"parts": recipes.parts()})


@never_cache
@require_POST
@staff_required("admin")
def export(request: StaffRequest) -> HttpResponse:
    """This town's recipe as a file."""
    data = recipes.export(request.town)
    audit.record(
        "recipe.export", f"town:{request.town.code}", actor=request.staff.actor, sha=_hash(data)
    )
    return HttpResponse(
        data,
        content_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="madoguchi-recipe.json"'},
    )


@never_cache
@require_POST
@staff_required("admin")
def preview(request: StaffRequest) -> HttpResponse:
    """What the chosen file would change here; nothing is changed yet."""
    upload = request.FILES.get("file")
    data = upload.read(recipes.MAX_BYTES + 1) if upload else b""
    if not data:
        return _refused(request, "ファイルを選んでください。")
    try:
        checked = recipes.parse(data)
    except RecipeRefused as refused:
        return _refused(request, str(refused))
    changes = [
        Change(part, part.tell(request.town, checked[part.name]))
        for part in recipes.parts()
        if part.name in checked
    ]
    context = {
        "changes": [change for change in changes if change.lines],
        "same": [change for change in changes if not change.lines],
        "text": data.decode("utf-8-sig"),
    }
    return render(request, "web/recipe_preview.html", context)


@never_cache
@require_POST
@staff_required("admin")
def apply(request: StaffRequest) -> HttpResponse:
    """Take over the chosen parts, all of them or none."""
    data = request.POST.get("text", "").encode("utf-8", errors="replace")
    chosen = set(request.POST.getlist("part"))
    try:
        checked = recipes.parse(data)
    except RecipeRefused as refused:
        return _refused(request, str(refused))
    taken = [part for part in recipes.parts() if part.name in chosen & set(checked)]
    if not taken:
        messages.error(request, "何も選ばれていないので、何も変えていません。")
        return redirect("recipes")
    with transaction.atomic():
        town = Town.objects.select_for_update().get(pk=request.town.pk)
        for part in taken:
            part.write(town, checked[part.name])
        audit.record(
            "recipe.apply",
            f"town:{town.code}",
            actor=request.staff.actor,
            sha=_hash(data),
            parts="+".join(part.name for part in taken)[:80],
        )
    messages.success(request, f"取り入れました：{'、'.join(part.title for part in taken)}。")
    return redirect("recipes")


def _refused(request: StaffRequest, why: str) -> HttpResponse:
    context = {"parts": recipes.parts(), "why": why}
    return render(request, "web/recipes.html", context, status=422)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:HASH_SHOWN]
