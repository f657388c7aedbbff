"""Every address of the house. Rooms keep their own lists; this one says where each room stands."""

from django.urls import include, path

from madoguchi.ui import mapbase
from madoguchi.ui.basemap import views as basemap
from madoguchi.web import alive, desk, errors, howto, pages, rest, sources, staff, worries

urlpatterns = [
    path("", pages.home, name="home"),
    path("shelters/", pages.shelter_list, name="shelters"),
    path("contacts/", pages.contacts, name="contacts"),
    path("help/", pages.help_page, name="help"),
    path("worries/", worries.page, name="worries"),
    path("line/", sources.to_line, name="to_line"),
    path("howto/", howto.index, name="howto"),
    path("howto/<str:guide>/", howto.page, name="howto_page"),
    path("about/", pages.about, name="about"),
    path("language/<str:language>/", pages.set_language, name="set_language"),
    path("map/config", mapbase.config, name="map_config"),
    path("message/", include("madoguchi.channels.web.urls")),
    path("ask/", include("madoguchi.services.helpdesk.resident_urls")),
    path("family/", include("madoguchi.services.helpdesk.family_urls")),
    path("app/", include("madoguchi.channels.web.app_urls")),
    path("channels/line/", include("madoguchi.channels.line.urls")),
    path("channels/sms/", include("madoguchi.channels.sms.urls")),
    path("channels/sns/", include("madoguchi.channels.sns.urls")),
    path("demo/", include("madoguchi.channels.demo.urls")),
    path("api/v1/openapi.json", rest.describe, name="api_description"),
    path("api/v1/", rest.describe),
    path("api/v1/", rest.api.urls),
    path("healthz", alive.healthz, name="healthz"),
    path("files/", include("madoguchi.kernel.files.urls")),
    path("accounts/", include("madoguchi.kernel.people.account_urls")),
    path("staff/", staff.home, name="staff_home"),
    path("staff/voices/", desk.voices, name="voices"),
    path("staff/voices/<int:inbound_id>/hand-over", desk.hand_over, name="hand_over"),
    path("staff/deliveries/", desk.deliveries, name="deliveries"),
    path("staff/deliveries/<int:outbox_id>/<str:verb>", desk.delivery, name="delivery"),
    path("staff/settings/", staff.settings, name="settings"),
    path("staff/", include("madoguchi.web.setup_urls")),
    path("staff/line/", include("madoguchi.channels.line.desk_urls")),
    path("staff/sns/", include("madoguchi.channels.sns.paste_urls")),
    path("staff/mail/", include("madoguchi.channels.mail.desk_urls")),
    path("staff/sms/", include("madoguchi.channels.sms.desk_urls")),
    path("staff/slack/", include("madoguchi.channels.slack.desk_urls")),
    path("staff/sns/settings/", include("madoguchi.channels.sns.desk_urls")),
    path("staff/map/config", mapbase.config),
    path("staff/map/ground", basemap.ground, name="map_ground"),
    path("staff/", include("madoguchi.kernel.people.urls")),
    path("staff/", include("madoguchi.services.disaster.urls")),
    path("staff/paper/", include("madoguchi.channels.paper.urls")),
    path("staff/helpdesk/", include("madoguchi.services.helpdesk.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
