"""The phone in the browser: what is done on it reaches the stand-in, and what it shows."""

import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from madoguchi.channels.demo import stand_in
from madoguchi.channels.demo.fake_line import sending, server
from madoguchi.channels.demo.fake_line.server import FakeLine
from madoguchi.kernel.towns import pack
from madoguchi.kernel.towns.models import Town

ASK = {
    "type": "text",
    "text": "場所を教えてください。",
    "quickReply": {
        "items": [
            {"type": "action", "action": {"type": "location", "label": "いまいる場所を送る"}},
            {
                "type": "action",
                "action": {"type": "message", "label": "不明", "text": "不明です"},
            },
            {"type": "action", "action": {"type": "postback", "label": "はい", "data": "yes:1"}},
        ]
    },
}


@dataclass
class Phone:
    """The first resident's phone in a browser without JavaScript."""

    client: Client
    line: FakeLine
    user: str

    @property
    def url(self) -> str:
        """The page."""
        return f"/demo/phone/{self.user}/"

    def page(self) -> str:
        """What is shown."""
        return self.client.get(self.url).content.decode()

    def send(self, **fields: object) -> int:
        """Post the form; the status of the answer."""
        return self.client.post(f"{self.url}send", fields).status_code

    def last_event(self) -> dict[str, object]:
        """What the stand-in last told the town."""
        return self.line.ledger.told[-1].event

    def hear(self, message: dict[str, object]) -> None:
        """Let the town say something."""
        sending.push(self.line.ledger, {"to": self.user, "messages": [message]}, "r", None)


@pytest.fixture
def phone(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Phone]:
    """調布市, with a stand-in whose webhook leads nowhere."""
    monkeypatch.setattr(stand_in, "_running", None)
    with server.start("http://127.0.0.1:9/none", "secret", "token") as line:
        stand_in.install(line, pack.load(town.code))
        running = stand_in.running()
        assert running is not None
        yield Phone(Client(), line, next(iter(running.residents)))


@pytest.mark.parametrize("path", ["", "U0/", "U0/log", "U0/send", "U0/photo/1"])
def test_there_is_no_phone_outside_a_demonstration(
    town: Town, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(stand_in, "_running", None)
    send = Client().post if path.endswith("send") else Client().get
    assert send(f"/demo/phone/{path}").status_code == 404


def test_residents_are_invented_and_live_in_the_town(phone: Phone) -> None:
    assert phone.client.get("/demo/phone/", follow=True).status_code == 200
    running = stand_in.running()
    assert running is not None
    assert len(running.residents) == 4
    rows = pack.load("13208").rows("addresses.csv")
    oaza = {row["oaza"] for row in rows}
    for name in running.residents.values():
        found = re.fullmatch(r"住民[A-D]（(.+)）", name)
        assert found is not None
        assert found.group(1) in oaza
    assert phone.client.get("/demo/phone/U0/").status_code == 404


def test_words_are_sent_and_shown_as_text(phone: Phone) -> None:
    assert phone.send(text="<b>国領町</b>で停電") == 302
    message = phone.last_event()["message"]
    assert isinstance(message, dict)
    assert message["text"] == "<b>国領町</b>で停電"
    assert "&lt;b&gt;国領町&lt;/b&gt;で停電" in phone.page()


def test_a_photo_is_sent_and_shown_to_its_sender_alone(phone: Phone) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "JPEG")
    assert phone.send(photo=SimpleUploadedFile("a.jpg", buffer.getvalue())) == 302
    message = phone.last_event()["message"]
    assert isinstance(message, dict)
    shown = phone.client.get(f"{phone.url}photo/{message['id']}")
    assert (shown.content, shown["Content-Type"]) == (buffer.getvalue(), "image/jpeg")
    other = phone.url.replace(phone.user, phone.line.person())
    assert phone.client.get(f"{other}photo/{message['id']}").status_code == 404


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"place": "0"}, "調布市役所"),
        ({"place": "1", "lat": "35.65", "lon": "139.54"}, "いまいる場所"),
    ],
)
def test_a_position_comes_from_the_list_or_from_the_device(
    phone: Phone, fields: dict[str, str], title: str
) -> None:
    assert phone.send(**fields) == 302
    message = phone.last_event()["message"]
    assert isinstance(message, dict)
    assert (message["type"], message["title"]) == ("location", title)
    point = (message["latitude"], message["longitude"])
    assert point == pytest.approx((35.65, 139.54), abs=0.005)


def test_quick_replies_are_buttons_until_somebody_answers(phone: Phone) -> None:
    phone.hear(ASK)
    page = phone.page()
    assert '<button class="button button-second" name="text" value="不明です">不明' in page
    assert '<a class="button button-second" href="#id_place">いまいる場所を送る' in page
    assert phone.send(postback="yes:1") == 302
    assert phone.last_event()["postback"] == {"data": "yes:1"}
    page = phone.page()
    assert "<p>はい</p>" in page
    assert "不明です" not in page


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": "  "}, "文章を書くか"),
        ({"text": "あ" * 5001}, "5000文字まで"),
        ({"photo": SimpleUploadedFile("a.svg", b"<svg/>")}, "JPEGかPNG"),
        ({"lat": "91", "lon": "0"}, "入力を確かめてください"),
        ({"place": "999"}, "入力を確かめてください"),
    ],
)
def test_what_cannot_be_sent_is_said_and_nothing_is_told(
    phone: Phone, fields: dict[str, object], says: str
) -> None:
    answer = phone.client.post(f"{phone.url}send", fields)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert phone.line.ledger.told == []


def test_who_blocks_hears_nothing_and_cannot_speak_until_following_again(phone: Phone) -> None:
    phone.send(does="block")
    phone.hear({"type": "text", "text": "聞こえますか"})
    assert "聞こえますか" not in phone.page()
    assert phone.send(text="もしもし") == 422
    phone.send(does="follow")
    phone.hear({"type": "text", "text": "おかえりなさい"})
    assert "おかえりなさい" in phone.page()
    assert [told.event["type"] for told in phone.line.ledger.told] == ["unfollow", "follow"]


def test_a_message_that_has_not_arrived_says_so(phone: Phone) -> None:
    phone.send(text="もしもし")
    until = time.monotonic() + 10
    while not phone.line.ledger.told[-1].answers:
        assert time.monotonic() < until
        time.sleep(0.01)
    log = phone.client.get(f"{phone.url}log").content.decode()
    assert "まだ窓口に届いていません" in log


def test_a_post_without_its_token_is_refused(phone: Phone) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{phone.url}send", {"text": "a"}).status_code == 403
    assert phone.line.ledger.told == []
