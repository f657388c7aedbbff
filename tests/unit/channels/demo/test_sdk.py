"""The official SDK works with the stand-in; only its host is another one."""

import uuid
from collections.abc import Iterator

import pytest
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    LocationAction,
    MessagingApi,
    MessagingApiBlob,
    MulticastRequest,
    PushMessageRequest,
    QuickReply,
    QuickReplyItem,
    ReplyMessageRequest,
    RichMenuRequest,
    TextMessage,
)

from .conftest import TOKEN, Hand, menu, png


@pytest.fixture
def api(hand: Hand) -> Iterator[MessagingApi]:
    with ApiClient(Configuration(host=hand.line.host, access_token=TOKEN)) as client:
        yield MessagingApi(client)


@pytest.fixture
def blob(hand: Hand) -> Iterator[MessagingApiBlob]:
    with ApiClient(Configuration(host=hand.line.data_host, access_token=TOKEN)) as client:
        yield MessagingApiBlob(client)


def hello(text: str = "こんにちは。") -> list[TextMessage]:
    buttons = [QuickReplyItem(action=LocationAction(label="場所を送る"))]
    return [TextMessage(text=text, quickReply=QuickReply(items=buttons))]


def test_reply_push_and_multicast(hand: Hand, api: MessagingApi) -> None:
    token = hand.line.ledger.new_token(hand.user)
    other = hand.line.person("見本2")
    api.reply_message(ReplyMessageRequest(replyToken=token, messages=hello("1")))
    sent = api.push_message(
        PushMessageRequest(to=hand.user, messages=hello("2")), x_line_retry_key=str(uuid.uuid4())
    )
    api.multicast(MulticastRequest(to=[hand.user, other], messages=hello("3")))
    assert hand.line.ledger.texts_to(hand.user) == ["1", "2", "3"]
    assert hand.line.ledger.texts_to(other) == ["3"]
    assert sent.sent_messages[0].id == hand.line.ledger.sent[1].ids[0]


def test_a_key_that_was_taken_names_the_request_that_took_it(hand: Hand, api: MessagingApi) -> None:
    key, request = str(uuid.uuid4()), PushMessageRequest(to=hand.user, messages=hello())
    first = api.push_message_with_http_info(request, x_line_retry_key=key)
    with pytest.raises(ApiException) as refused:
        api.push_message(request, x_line_retry_key=key)
    assert refused.value.status == 409
    accepted = refused.value.headers["x-line-accepted-request-id"]
    assert accepted == first.headers["x-line-request-id"]


def test_profile_quota_and_bot(hand: Hand, api: MessagingApi) -> None:
    assert api.get_profile(hand.user).display_name == "見本"
    assert api.get_message_quota().type == "none"
    assert api.get_message_quota_consumption().total_usage == 0
    assert api.get_bot_info().user_id == hand.line.bot_id


def test_a_photo_comes_from_the_data_host(hand: Hand, blob: MessagingApiBlob) -> None:
    message = hand.line.send_image(hand.user, b"\xff\xd8 photo").event["message"]
    assert isinstance(message, dict)
    assert bytes(blob.get_message_content(message["id"])) == b"\xff\xd8 photo"


def test_a_rich_menu_is_made_shown_and_removed(
    hand: Hand, api: MessagingApi, blob: MessagingApiBlob
) -> None:
    made = api.create_rich_menu(RichMenuRequest.from_dict(menu())).rich_menu_id
    blob.set_rich_menu_image(made, png(800, 250), _headers={"Content-Type": "image/png"})
    api.set_default_rich_menu(made)
    assert hand.line.ledger.default_menu == made
    assert [one.rich_menu_id for one in api.get_rich_menu_list().richmenus] == [made]
    api.delete_rich_menu(made)
    assert hand.line.ledger.menus == {}
    assert hand.line.ledger.default_menu == ""
