"""Every model of the installation: of a town, or global with a reason."""

import pytest
from django.apps import apps
from django.db.models import ForeignKey, UniqueConstraint
from django.db.models.fields import NOT_PROVIDED

from madoguchi.kernel.towns.managers import TownManager
from madoguchi.kernel.towns.models import Town, TownOwned
from madoguchi.kernel.towns.retention import Retention

GLOBAL = {
    "towns.Town": "the list of towns itself",
    "people.User": "one sign-in for officers lent between towns; a StaffMember row gives the town",
    "auth.Permission": "Django's names of permissions, from the code",
    "auth.Group": "unused by us: roles stand in StaffMember",
    "auth.Group_permissions": "unused by us",
    "people.User_groups": "unused by us",
    "people.User_user_permissions": "unused by us",
    "contenttypes.ContentType": "the list of models, from the code",
    "sessions.Session": "opaque key of a browser; holds ids, checked again in the town",
    "account.EmailAddress": "belongs to a User",
    "account.EmailConfirmation": "belongs to a User",
    "mfa.Authenticator": "passkeys of a User",
    "socialaccount.SocialAccount": "OIDC identity of a User",
    "socialaccount.SocialApp": "OIDC provider, from the settings",
    "socialaccount.SocialToken": "token of a User",
    "axes.AccessAttempt": "sign-in attempts come before a town's staff is known",
    "axes.AccessAttemptExpiration": "belongs to an attempt",
    "axes.AccessFailureLog": "sign-in attempts come before a town's staff is known",
    "axes.AccessLog": "sign-in attempts come before a town's staff is known",
}
ALL = sorted(apps.get_models(include_auto_created=True), key=lambda m: m._meta.label)
OWNED = [m for m in ALL if issubclass(m, TownOwned)]


@pytest.mark.parametrize("model", ALL, ids=lambda m: m._meta.label)
def test_a_model_belongs_to_a_town_or_is_global_for_a_reason(model):
    assert issubclass(model, TownOwned) != (model._meta.label in GLOBAL)


@pytest.mark.parametrize("model", OWNED, ids=lambda m: m._meta.label)
def test_a_town_model_names_its_retention(model):
    kept = vars(model)["retention"]
    assert isinstance(kept, Retention)
    assert len(kept.because) >= 8
    assert kept.days is None or kept.days > 0


@pytest.mark.parametrize("model", OWNED, ids=lambda m: m._meta.label)
def test_the_town_stands_in_every_unique_constraint(model):
    meta = model._meta
    for field in meta.local_fields:
        # A one-to-one is unique by a row of the same town, which the guards see to.
        if field.unique and not field.primary_key:
            assert isinstance(field, ForeignKey), field
            assert issubclass(field.related_model, TownOwned), field
    for fields in meta.unique_together:
        assert "town" in fields
    for constraint in meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            assert "town" in constraint.fields, constraint.name


@pytest.mark.parametrize("model", OWNED, ids=lambda m: m._meta.label)
def test_every_manager_is_confined(model):
    assert isinstance(model._default_manager, TownManager)
    assert isinstance(model._base_manager, TownManager)
    for manager in model._meta.managers:
        assert isinstance(manager, TownManager)
    assert not model._meta.local_many_to_many, "the rows between need a model with a town"
    assert not [p for p in model._meta.parents if issubclass(p, TownOwned)]


@pytest.mark.parametrize("model", OWNED, ids=lambda m: m._meta.label)
def test_the_town_is_required_and_protected(model):
    town = model._meta.get_field("town")
    assert town.related_model is Town
    assert not town.null
    assert town.default is NOT_PROVIDED
    assert town.remote_field.on_delete.__name__ == "PROTECT"


def test_the_list_of_global_models_holds_no_stranger():
    known = {m._meta.label for m in ALL}
    assert set(GLOBAL) <= known
