"""What the asker hears when staff closes the request."""

from madoguchi.kernel.cases.data import Verb
from madoguchi.kernel.cases.models import Case
from madoguchi.services.helpdesk import domain
from madoguchi.services.helpdesk.models import HelpRequest


def tell(case: Case, verb: Verb, note: str) -> None:
    """A hook of ``kernel.cases``: runs in the verb's transaction."""
    if verb not in (Verb.SETTLE, Verb.REFUSE) or note == domain.MANAGED:
        return
    row = HelpRequest.objects.select_related("contact", "case").filter(case=case).first()
    if row is None:
        return
    said = {
        Verb.SETTLE: f"{note}\nまたわからないことがあれば、いつでもお知らせください。",
        Verb.REFUSE: f"この窓口ではお手伝いできませんでした。理由：{note}",
    }
    domain.tell(row, said[verb])
    domain.mark_answered(row)
