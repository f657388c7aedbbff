"""What the LINE Platform refuses: one row a rule.

``line`` and ``text`` name the line of LINE's published ``messaging-api.yml`` that states the rule,
or that leads to the page of the reference which states it; ``says`` is that statement in short.
A test checks that the text stands at that line, and another that each rule is enforced.
"""

from dataclasses import dataclass

BODY_ERRORS = "The request body has {count} error(s)"


@dataclass(frozen=True, slots=True)
class Rule:
    """One refusal. ``message`` is what the answer says, for a body error in ``details``."""

    name: str
    status: int
    message: str
    says: str
    line: int
    text: str
    in_body: bool = False
    """Whether it is one of several errors that one answer lists."""


def _body(name: str, message: str, says: str, line: int, text: str) -> Rule:
    return Rule(name, 400, message, says, line, text, in_body=True)


_UNKNOWN_CALLER = (
    "Authentication failed due to the following reason: {why}. Confirm that the access token in "
    "the authorization header is valid."
)
_SIZE = "Size must be between {low} and {high}"
_LENGTH = "Length must be between {low} and {high}"
_REQUIRED = "May not be empty"
_REFERENCE = "url: https://developers.line.biz/en/reference/messaging-api/"

_REQUEST = (
    Rule(
        "no-authorization",
        401,
        _UNKNOWN_CALLER.format(why="missing token"),
        "every call carries the channel access token",
        13,
        "- Bearer: []",
    ),
    Rule(
        "wrong-token",
        401,
        _UNKNOWN_CALLER.format(why="invalid token"),
        "the token must be the channel's own",
        2143,
        "scheme: bearer",
    ),
    Rule("unknown-path", 404, "Not found", "only the listed paths exist", 19, "paths:"),
    Rule("wrong-method", 405, "Method not allowed", "each path lists its methods", 176, "post:"),
    Rule(
        "content-on-the-wrong-host",
        404,
        "Not found",
        "content is served by the data host alone",
        98,
        '- url: "https://api-data.line.me"',
    ),
    Rule(
        "wrong-content-type",
        415,
        "The content type, {given}, is not supported",
        "bodies are JSON",
        185,
        "application/json:",
    ),
    Rule(
        "body-too-large",
        413,
        "Payload Too Large",
        "a request is 2 MB at most",
        5872,
        _REFERENCE + "#error-responses",
    ),
    Rule(
        "not-json",
        400,
        "The request body could not be parsed as JSON (line: {line}, column: {column})",
        "the body must be JSON",
        5879,
        'description: "Message containing information about the error."',
    ),
    Rule(
        "body-missing",
        400,
        "The request body could not be parsed as JSON (line: 1, column: 1)",
        "the body is required",
        188,
        "required: true",
    ),
    Rule(
        "retry-key-not-uuid",
        400,
        "The retry key is invalid",
        "X-Line-Retry-Key is a UUID",
        223,
        "format: uuid",
    ),
    Rule(
        "retry-key-used",
        409,
        "The retry key is already accepted",
        "a request with the key of an accepted one is not executed again",
        253,
        '"409":',
    ),
    Rule(
        "retry-key-on-reply",
        400,
        "The retry key is not supported",
        "only push, multicast, narrowcast and broadcast take a retry key; others answer 400",
        218,
        "- name: X-Line-Retry-Key",
    ),
    Rule(
        "reply-token-unknown",
        400,
        "Invalid reply token",
        "the reply token is one that a webhook brought",
        2253,
        'description: "replyToken received via webhook."',
    ),
    Rule(
        "reply-token-used",
        400,
        "Invalid reply token",
        "a reply token can be used once",
        178,
        _REFERENCE + "#send-reply-message",
    ),
    Rule(
        "reply-token-expired",
        400,
        "Invalid reply token",
        "a reply token must be used within one minute",
        2245,
        _REFERENCE + "#send-reply-message",
    ),
    Rule(
        "recipient-malformed",
        400,
        "The property, 'to', in the request body is invalid (line: -, column: -)",
        "the receiver is the id of a user, group or room",
        2299,
        'description: "ID of the receiver."',
    ),
    Rule(
        "recipient-unknown",
        400,
        "Failed to send messages",
        "a push to a user who does not exist fails",
        2291,
        _REFERENCE + "#send-push-message",
    ),
    Rule(
        "monthly-limit",
        429,
        "You have reached your monthly limit.",
        "push and multicast count against the month's messages; replies do not",
        467,
        _REFERENCE + "#get-quota",
    ),
    Rule(
        "profile-unknown",
        404,
        "Not found",
        "no profile of a person who does not exist, is no friend or has blocked the account",
        774,
        _REFERENCE + "#get-profile",
    ),
    Rule(
        "content-unknown",
        404,
        "Not found",
        "only content that a webhook named and that was not unsent",
        96,
        _REFERENCE + "#get-content",
    ),
)

_MESSAGES = (
    _body("messages-missing", _REQUIRED, "messages is required", 2247, "- messages"),
    _body("reply-token-missing", _REQUIRED, "replyToken is required", 2248, "- replyToken"),
    _body("recipient-missing", _REQUIRED, "to is required", 2294, "- to"),
    _body("messages-empty", _SIZE, "at least one message", 2257, "minItems: 1"),
    _body("messages-too-many", _SIZE, "at most five messages", 2256, "maxItems: 5"),
    _body("message-without-type", _REQUIRED, "type is required", 3647, "- type"),
    _body(
        "message-type-unknown", "Unknown message type", "only the listed types", 3659, "mapping:"
    ),
    _body("text-missing", _REQUIRED, "text is required", 3717, "- text"),
    _body("text-empty", _REQUIRED, "text may not be empty", 3714, _REFERENCE + "#text-message"),
    _body("text-not-string", "Must be a string", "text is a string", 3723, "type: string"),
    _body(
        "text-too-long",
        _LENGTH,
        "at most 5000 characters, counted in UTF-16 code units",
        3714,
        _REFERENCE + "#text-message",
    ),
    _body("multicast-empty", _SIZE, "at least one recipient", 2354, "minItems: 1"),
    _body("multicast-too-many", _SIZE, "at most 500 recipients", 2353, "maxItems: 500"),
    _body(
        "multicast-not-users",
        "The value must be a user id",
        "multicast takes user ids, not groups or LINE IDs",
        2356,
        'description: "Array of user IDs. Use userId values which are returned in webhook event '
        'objects. Do not use LINE IDs found on LINE."',
    ),
    _body(
        "multicast-duplicates",
        "Duplicate user ids",
        "the same user id twice in one multicast",
        2339,
        _REFERENCE + "#send-multicast-message",
    ),
    _body(
        "image-url-missing",
        _REQUIRED,
        "originalContentUrl is required",
        3853,
        "- originalContentUrl",
    ),
    _body(
        "preview-url-missing", _REQUIRED, "previewImageUrl is required", 3854, "- previewImageUrl"
    ),
    _body("url-not-https", "The URL must be https", "image URLs are https", 3862, "format: uri"),
    _body(
        "message-incomplete",
        _REQUIRED,
        "each type has its required properties, as packageId of a sticker",
        3836,
        "- packageId",
    ),
    _body(
        "location-incomplete",
        _REQUIRED,
        "title, address, latitude, longitude are required",
        3906,
        "- title",
    ),
    _body("location-not-number", "Must be a number", "latitude is a number", 3920, "type: number"),
)

_ACTIONS = (
    _body(
        "quick-reply-empty", _SIZE, "a quick reply has buttons", 3673, _REFERENCE + "#items-object"
    ),
    _body("quick-reply-too-many", _SIZE, "at most 13 buttons", 3679, "maxItems: 13"),
    _body(
        "quick-reply-item-type",
        "Must be 'action'",
        "a button's type is action",
        3697,
        'description: "`action`"',
    ),
    _body(
        "quick-reply-without-action",
        _REQUIRED,
        "a button has an action",
        3685,
        _REFERENCE + "#items-object",
    ),
    _body(
        "icon-too-long", _LENGTH, "an icon URL has at most 2000 characters", 3692, "maxLength: 2000"
    ),
    _body(
        "action-type-unknown", "Unknown action type", "only the listed actions", 4951, "mapping:"
    ),
    _body(
        "action-only-in-quick-reply",
        "Unsupported action type",
        "camera, cameraRoll and location stand in quick replies alone",
        4961,
        "CameraAction:",
    ),
    _body(
        "label-missing",
        _REQUIRED,
        "a quick reply button has a label",
        4948,
        'description: "Label for the action."',
    ),
    _body(
        "label-too-long",
        _LENGTH,
        "a label has at most 20 characters",
        4939,
        _REFERENCE + "#action-objects",
    ),
    _body("action-text-missing", _REQUIRED, "a message action has a text", 5020, "text:"),
    _body(
        "action-text-too-long",
        _LENGTH,
        "at most 300 characters",
        4957,
        'message: "#/components/schemas/MessageAction"',
    ),
    _body("postback-data-missing", _REQUIRED, "a postback has data", 5028, "data:"),
    _body("postback-data-too-long", _LENGTH, "at most 300 characters", 5029, "maxLength: 300"),
    _body("display-text-too-long", _LENGTH, "at most 300 characters", 5032, "displayText:"),
    _body("clipboard-text", _LENGTH, "1 to 1000 characters to copy", 4983, "maxLength: 1000"),
    _body(
        "uri-scheme",
        "Invalid action URI",
        "http, https, line or tel, at most 1000 characters",
        5067,
        "format: uri",
    ),
)

_RICH_MENUS = (
    _body(
        "menu-size",
        "Invalid size",
        "800 to 2500 wide, at least 250 high, at least 1.45 times as wide as high",
        1136,
        _REFERENCE + "#create-rich-menu",
    ),
    _body("menu-name", _LENGTH, "a name of 1 to 300 characters", 3273, "maxLength: 300"),
    _body("menu-bar-text", _LENGTH, "a bar text of 1 to 14 characters", 3277, "maxLength: 14"),
    _body("menu-selected", "Must be a boolean", "selected is a boolean", 3268, "type: boolean"),
    _body("menu-areas-too-many", _SIZE, "at most 20 areas", 3381, "maxItems: 20"),
    _body(
        "menu-area-outside",
        "The area is outside of the menu",
        "an area lies inside the menu",
        3309,
        _REFERENCE + "#bounds-object",
    ),
    _body(
        "menu-area-without-size", "Must be greater than 0", "an area has a size", 3327, "minimum: 1"
    ),
    Rule(
        "menu-unknown",
        404,
        "Not found",
        "only menus that were made",
        1237,
        'description: "ID of a rich menu"',
    ),
    Rule(
        "menu-image-type",
        415,
        "Unsupported Media Type",
        "JPEG or PNG",
        1204,
        _REFERENCE + "#upload-rich-menu-image",
    ),
    Rule(
        "menu-image-too-large",
        413,
        "Payload Too Large",
        "at most 1 MB",
        1210,
        'description: "Upload rich menu image"',
    ),
    Rule(
        "menu-image-size",
        400,
        "The image size is invalid",
        "the image has the size of the menu",
        1215,
        'description: "The ID of the rich menu to attach the image to"',
    ),
    Rule(
        "menu-image-there",
        400,
        "An image has already been uploaded to the richmenu",
        "the image of a menu cannot be replaced",
        1204,
        _REFERENCE + "#upload-rich-menu-image",
    ),
    Rule(
        "menu-without-image",
        400,
        "must upload richmenu image before applying it to user",
        "a menu can be shown once it has an image",
        1318,
        _REFERENCE + "#set-default-rich-menu",
    ),
)

RULES: dict[str, Rule] = {
    rule.name: rule for rule in (*_REQUEST, *_MESSAGES, *_ACTIONS, *_RICH_MENUS)
}
