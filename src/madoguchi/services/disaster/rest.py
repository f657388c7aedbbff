"""The room's part of the public API: the notices that residents' pages show."""

from datetime import datetime
from typing import Any

from ninja import Field, Router, Schema

from madoguchi.kernel.towns.middleware import TownRequest
from madoguchi.services.disaster import notices

router = Router(tags=["disaster"])


class NoticeOut(Schema):
    """A notice in force. Texts are plain; ``text_easy`` and ``text_en`` may be ""."""

    level: str = Field(description="caution, danger or emergency")
    title: str = Field(description="Begins with 【訓練】 in a drill")
    text: str
    text_easy: str
    text_en: str
    since: datetime


@router.get("/notices", response=list[NoticeOut], url_name="notices", summary="Notices in force")
def read_notices(request: TownRequest) -> list[dict[str, Any]]:
    """What the town tells its residents now, the most pressing first."""
    if "disaster" not in request.town.services:
        return []
    return [
        {
            "level": one.level.name.lower(),
            "title": one.title.ja,
            "text": one.text.ja,
            "text_easy": one.text.easy,
            "text_en": one.text.en,
            "since": one.since,
        }
        for one in notices.in_force()
    ]
