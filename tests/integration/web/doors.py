"""The table of doors: every address of the house, and who may come through. See test_doors."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Door:
    """Who may come through: ``least`` is the lowest role, "" means everybody.

    ``read`` and ``act`` are the answers to GET and to an empty POST for whoever may; 0 where the
    method does not exist.
    """

    read: int = 0
    act: int = 0
    least: str = ""
    csrf: bool = True


READ = Door(read=200)
LOOK = Door(read=200, least="viewer")
VERB = Door(act=302, least="operator")
GONE = Door(read=404)  # the demonstration's phone, where no demonstration runs

DOORS: dict[str, Door] = {
    "": READ,
    "shelters/": READ,
    "contacts/": READ,
    "help/": READ,
    "about/": READ,
    "worries/": READ,
    "line/": Door(read=302),
    "howto/": READ,
    "howto/<str:guide>/": READ,
    "language/<str:language>/": Door(read=302),
    "map/config": READ,
    "message/": Door(read=200, act=422),
    "message/log": READ,
    "message/ticket": READ,
    "message/send": Door(act=422),
    "message/forget": Door(act=302),
    "app/manifest.webmanifest": READ,
    "app/worker.js": READ,
    "app/icon-<int:size>.png": READ,
    "app/touch-icon.png": READ,
    "app/icon-mask-<int:size>.png": READ,
    "ask/": Door(read=200, act=422),
    "family/": Door(read=200, act=422),
    "channels/line/webhook": Door(act=404, csrf=False),  # no LINE account is set here
    "demo/phone/": GONE,
    "demo/phone/<str:user>/": GONE,
    "demo/phone/<str:user>/log": GONE,
    "demo/phone/<str:user>/photo/<str:message>": GONE,
    "demo/phone/<str:user>/send": Door(act=404),
    "api/v1/": READ,
    "api/v1/openapi.json": READ,
    "api/v1/town": READ,
    "api/v1/places": Door(read=422, csrf=False),  # no place named
    "api/v1/shelters": READ,
    "api/v1/notices": READ,
    "healthz": READ,
    "staff/enter/<str:token>": Door(read=410, act=410),
    "staff/": LOOK,
    "staff/voices/": LOOK,
    "staff/voices/<int:inbound_id>/hand-over": VERB,
    "staff/voices/<int:inbound_id>/open": VERB,
    "staff/deliveries/": LOOK,
    "staff/deliveries/<int:outbox_id>/<str:verb>": VERB,
    "staff/settings/": Door(read=200, least="manager"),
    "staff/services/": Door(read=200, least="admin"),
    "staff/services/<str:name>": Door(act=302, least="admin"),
    "staff/sources/": LOOK,
    "staff/sources/sources.csv": LOOK,
    "staff/outages/": Door(read=200, act=422, least="operator"),
    "staff/outages/<int:outage_id>/end": VERB,
    "staff/recipes/": Door(read=200, least="admin"),
    "staff/recipes/export": Door(act=200, least="admin"),
    "staff/recipes/preview": Door(act=422, least="admin"),
    "staff/recipes/apply": Door(act=422, least="admin"),
    "staff/machine/": Door(read=200, least="admin"),
    "staff/members/": Door(read=200, least="admin"),
    "staff/members/new": Door(read=200, act=422, least="admin"),
    "staff/members/<int:member_id>/": Door(read=200, act=422, least="admin"),
    "staff/members/<int:member_id>/<str:verb>": Door(act=302, least="admin"),
    "channels/sns/inbox": Door(act=404, csrf=False),  # not switched on here
    "channels/sms/status": Door(act=404, csrf=False),  # no account is set here
    "channels/sms/inbound": Door(act=404, csrf=False),
    "staff/sms/": Door(read=200, least="admin"),
    "staff/sms/keep": Door(act=400, least="admin"),
    "staff/sms/check": Door(act=302, least="admin"),
    "staff/sms/send": Door(act=400, least="admin"),
    "staff/sms/count": Door(act=400, least="admin"),
    "staff/slack/": Door(read=200, least="admin"),
    "staff/slack/keep": Door(act=400, least="admin"),
    "staff/slack/send": Door(act=302, least="admin"),
    "staff/mail/": Door(read=200, least="admin"),
    "staff/mail/keep": Door(act=400, least="admin"),
    "staff/mail/check": Door(act=302, least="admin"),
    "staff/mail/send": Door(act=400, least="admin"),
    "staff/mail/letters/": Door(read=200, least="operator"),
    "staff/mail/letters/<int:letter_id>/": Door(read=200, least="operator"),
    "staff/sns/": Door(read=200, act=422, least="operator"),
    "staff/sns/settings/": Door(read=200, act=422, least="admin"),
    "staff/sns/settings/key": Door(act=200, least="admin"),
    "staff/line/": Door(read=200, least="admin"),
    "staff/line/secrets": Door(act=400, least="admin"),
    "staff/line/check": Door(act=302, least="admin"),
    "staff/line/menu": Door(act=302, least="admin"),
    "staff/map/config": READ,  # what the residents' map is given too
    "staff/map/ground": Door(read=204, least="viewer"),  # no .osm is imported here
    "staff/map/": LOOK,
    "staff/map/data": LOOK,
    "staff/map/changes": Door(read=400, least="viewer"),  # no "since"
    "staff/cases/": LOOK,
    "staff/cases/<str:number>/": LOOK,
    "staff/cases/<str:number>/state": VERB,
    "staff/cases/<str:number>/assign": VERB,
    "staff/cases/<str:number>/place": VERB,
    "staff/cases/<str:number>/judge": VERB,
    "staff/cases/<str:number>/merge": VERB,
    "staff/cases/<str:number>/split": Door(act=404, least="operator"),  # no report named
    "staff/cases/<str:number>/write": VERB,
    "staff/notices/": Door(read=200, act=422, least="operator"),
    "staff/notices/<int:notice_id>/withdraw": VERB,
    "staff/phone/": Door(read=200, act=422, least="operator"),
    "staff/paper/": LOOK,
    "staff/paper/letters.pdf": Door(act=200, least="operator"),
    "staff/paper/letters/<int:paper_letter_id>/hand-over": VERB,
    "staff/paper/lists/<str:sheet>.pdf": Door(read=200, least="operator"),
    "staff/paper/poster.pdf": LOOK,
    "staff/paper/leaflet.pdf": LOOK,
    "staff/paper/addresses/": Door(read=200, act=302, least="manager"),
    "staff/helpdesk/": LOOK,
    "staff/helpdesk/enter/": Door(read=200, act=422, least="operator"),
    "staff/helpdesk/script/": LOOK,
    "staff/helpdesk/script.pdf": LOOK,
    "staff/helpdesk/family/": Door(read=200, least="operator"),
    "staff/helpdesk/family/asks/<int:ask_id>": VERB,
    "staff/helpdesk/family/<int:proxy_id>/<str:verb>": VERB,
    "staff/helpdesk/voices/<int:inbound_id>/take": VERB,
    "staff/helpdesk/<str:help_number>/": LOOK,
    "staff/helpdesk/<str:help_number>/act": VERB,
    "staff/measuring/": Door(read=200, least="manager"),
    "staff/measuring/result.csv": Door(read=200, least="manager"),
    "staff/measuring/check": Door(read=200, act=404, least="manager"),  # no report named
    "staff/measuring/sheet": Door(act=422, least="manager"),
    "staff/measuring/example.csv": Door(read=200, least="manager"),
    "staff/measuring/card": Door(read=200, least="manager"),
}

ELSEWHERE = {
    "files/<uuid:key>/full.jpg": "test_a_photo_is_for_staff_of_its_town_alone",
    "files/<uuid:key>/thumb.jpg": "test_a_photo_is_for_staff_of_its_town_alone",
    "accounts/": "tests/integration/kernel/people",  # the pages of sign-in, for one person alone
}
"""Doors that the table cannot describe, and what shows them."""
