"""Checks of message and action objects."""

from madoguchi.channels.demo.fake_line.refusing import Findings

MOST_MESSAGES = 5
TEXT_LENGTH = 5000
MOST_BUTTONS = 13
LABEL_LENGTH = 20
ACTION_TEXT_LENGTH = 300
URL_LENGTH = 2000
URI_LENGTH = 1000
CLIPBOARD_LENGTH = 1000

MESSAGE_TYPES = frozenset(
    {
        "text",
        "textV2",
        "sticker",
        "image",
        "video",
        "audio",
        "location",
        "imagemap",
        "template",
        "flex",
        "coupon",
    }
)
ACTION_TYPES = frozenset(
    {
        "camera",
        "cameraRoll",
        "clipboard",
        "datetimepicker",
        "location",
        "message",
        "postback",
        "richmenuswitch",
        "uri",
    }
)
REQUIRED: dict[str, dict[str, type]] = {
    "sticker": {"packageId": str, "stickerId": str},
    "video": {"originalContentUrl": str, "previewImageUrl": str},
    "audio": {"originalContentUrl": str, "duration": int},
    "imagemap": {"baseUrl": str, "altText": str, "baseSize": dict, "actions": list},
    "template": {"altText": str, "template": dict},
    "flex": {"altText": str, "contents": dict},
    "coupon": {"couponId": str},
}
"""Of messages that a town does not send, only that they are whole is checked."""

QUICK_REPLY_ONLY = frozenset({"camera", "cameraRoll", "location"})


def length(text: str) -> int:
    """Characters as LINE counts them: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_messages(body: dict[str, object], findings: Findings) -> None:
    """The ``messages`` of a body."""
    messages = body.get("messages")
    if not isinstance(messages, list):
        findings.add("messages-missing", "messages")
        return
    if not messages:
        findings.add("messages-empty", "messages", low=1, high=MOST_MESSAGES)
    if len(messages) > MOST_MESSAGES:
        findings.add("messages-too-many", "messages", low=1, high=MOST_MESSAGES)
    for index, message in enumerate(messages):
        _check_message(message, f"messages[{index}]", findings)


def _check_message(message: object, where: str, findings: Findings) -> None:
    if not isinstance(message, dict) or not message.get("type"):
        findings.add("message-without-type", f"{where}.type")
        return
    kind = message["type"]
    if kind not in MESSAGE_TYPES:
        findings.add("message-type-unknown", f"{where}.type")
        return
    if kind in ("text", "textV2"):
        _check_text(message, where, findings)
    elif kind == "image":
        _check_image(message, where, findings)
    elif kind == "location":
        _check_location(message, where, findings)
    for name, form in REQUIRED.get(kind, {}).items():
        if not isinstance(message.get(name), form) or message[name] == "":
            findings.add("message-incomplete", f"{where}.{name}")
    if "quickReply" in message:
        _check_quick_reply(message["quickReply"], f"{where}.quickReply", findings)


def _check_text(message: dict[str, object], where: str, findings: Findings) -> None:
    where = f"{where}.text"
    if message.get("text") is None:
        findings.add("text-missing", where)
        return
    text = message["text"]
    if not isinstance(text, str):
        findings.add("text-not-string", where)
    elif not text.strip():
        findings.add("text-empty", where)
    elif length(text) > TEXT_LENGTH:
        findings.add("text-too-long", where, low=0, high=TEXT_LENGTH)


def _check_image(message: dict[str, object], where: str, findings: Findings) -> None:
    for name, missing in (
        ("originalContentUrl", "image-url-missing"),
        ("previewImageUrl", "preview-url-missing"),
    ):
        url = message.get(name)
        if not isinstance(url, str) or not url:
            findings.add(missing, f"{where}.{name}")
        elif not url.startswith("https://"):
            findings.add("url-not-https", f"{where}.{name}")


def _check_location(message: dict[str, object], where: str, findings: Findings) -> None:
    for name in ("title", "address"):
        word = message.get(name)
        if not isinstance(word, str) or not word:
            findings.add("location-incomplete", f"{where}.{name}")
    for name in ("latitude", "longitude"):
        value = message.get(name)
        if value in (None, ""):
            findings.add("location-incomplete", f"{where}.{name}")
        elif isinstance(value, bool) or not isinstance(value, int | float):
            findings.add("location-not-number", f"{where}.{name}")


def _check_quick_reply(reply: object, where: str, findings: Findings) -> None:
    items = reply.get("items") if isinstance(reply, dict) else None
    where = f"{where}.items"
    if not isinstance(items, list) or not items:
        findings.add("quick-reply-empty", where, low=1, high=MOST_BUTTONS)
        return
    if len(items) > MOST_BUTTONS:
        findings.add("quick-reply-too-many", where, low=1, high=MOST_BUTTONS)
    for index, item in enumerate(items):
        here = f"{where}[{index}]"
        if not isinstance(item, dict) or item.get("type") != "action":
            findings.add("quick-reply-item-type", f"{here}.type")
            continue
        _check_icon(item.get("imageUrl"), here, findings)
        if not isinstance(item.get("action"), dict):
            findings.add("quick-reply-without-action", f"{here}.action")
            continue
        check_action(item["action"], f"{here}.action", findings, quick_reply=True)


def _check_icon(url: object, where: str, findings: Findings) -> None:
    if url is None:
        return
    if not isinstance(url, str) or not url.startswith("https://"):
        findings.add("url-not-https", f"{where}.imageUrl")
    elif len(url) > URL_LENGTH:
        findings.add("icon-too-long", f"{where}.imageUrl", low=0, high=URL_LENGTH)


def check_action(
    action: dict[str, object], where: str, findings: Findings, *, quick_reply: bool
) -> None:
    """One action object, of a quick reply button or of an area of a rich menu."""
    kind = action.get("type")
    if kind not in ACTION_TYPES:
        findings.add("action-type-unknown", f"{where}.type")
        return
    if kind in QUICK_REPLY_ONLY and not quick_reply:
        findings.add("action-only-in-quick-reply", f"{where}.type")
    label = action.get("label")
    if quick_reply and (not isinstance(label, str) or not label.strip()):
        findings.add("label-missing", f"{where}.label")
    elif label is not None and (not isinstance(label, str) or length(label) > LABEL_LENGTH):
        findings.add("label-too-long", f"{where}.label", low=1, high=LABEL_LENGTH)
    check_kind = ACTION_CHECKS.get(str(kind))
    if check_kind is not None:
        check_kind(action, where, findings)


def _check_message_action(action: dict[str, object], where: str, findings: Findings) -> None:
    text, where = action.get("text"), f"{where}.text"
    if not isinstance(text, str) or not text:
        findings.add("action-text-missing", where)
    elif length(text) > ACTION_TEXT_LENGTH:
        findings.add("action-text-too-long", where, low=1, high=ACTION_TEXT_LENGTH)


def _check_postback(action: dict[str, object], where: str, findings: Findings) -> None:
    data = action.get("data")
    if not isinstance(data, str) or not data:
        findings.add("postback-data-missing", f"{where}.data")
    elif length(data) > ACTION_TEXT_LENGTH:
        findings.add("postback-data-too-long", f"{where}.data", low=1, high=ACTION_TEXT_LENGTH)
    for name in ("displayText", "text"):
        shown = action.get(name)
        if shown is not None and (not isinstance(shown, str) or length(shown) > ACTION_TEXT_LENGTH):
            findings.add("display-text-too-long", f"{where}.{name}", low=1, high=ACTION_TEXT_LENGTH)


def _check_clipboard(action: dict[str, object], where: str, findings: Findings) -> None:
    words, where = action.get("clipboardText"), f"{where}.clipboardText"
    if not isinstance(words, str) or not 1 <= length(words) <= CLIPBOARD_LENGTH:
        findings.add("clipboard-text", where, low=1, high=CLIPBOARD_LENGTH)


def _check_uri(action: dict[str, object], where: str, findings: Findings) -> None:
    uri = action.get("uri")
    known = isinstance(uri, str) and uri.startswith(("http://", "https://", "line://", "tel:"))
    if not known or length(str(uri)) > URI_LENGTH:
        findings.add("uri-scheme", f"{where}.uri")


ACTION_CHECKS = {
    "message": _check_message_action,
    "postback": _check_postback,
    "clipboard": _check_clipboard,
    "uri": _check_uri,
}
