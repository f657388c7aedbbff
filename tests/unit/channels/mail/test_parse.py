"""Mails as phones, programs and machines send them. Oracles: the bytes are made here by hand."""

import base64
import io
from email.message import EmailMessage
from time import process_time

import pytest
from PIL import Image

from madoguchi.channels.mail import parse
from madoguchi.channels.mail.charsets import decode, header_text
from madoguchi.channels.mail.data import Kind
from madoguchi.channels.mail.parse import parse as read

OWN = "madoguchi@town.example.jp"
TEXT = "調布市布田1丁目で道路が冠水。①番出口、㈱前、ｶﾞｿﾘﾝ臭い"


def raw(body: bytes, content_type: str, *more: str, subject: str = "x", cte: str = "8bit") -> bytes:
    """A mail of these bytes."""
    head = [
        "From: =?utf-8?b?6Iqx5a2Q?= <hanako@example.ne.jp>",
        f"To: {OWN}",
        f"Subject: {subject}",
        "Message-ID: <1@example.ne.jp>",
        "MIME-Version: 1.0",
        f"Content-Type: {content_type}",
        f"Content-Transfer-Encoding: {cte}",
        *more,
    ]
    return "\r\n".join(head).encode("ascii", "surrogateescape") + b"\r\n\r\n" + body


def jis(text: str) -> bytes:
    """ISO-2022-JP as Windows makes it: JIS pairs moved from the code page, kana of half width."""
    out, shift = bytearray(), b"\x1b(B"
    for letter in text:
        code = letter.encode("cp932")
        if len(code) == 1:
            want = b"\x1b(I" if code[0] > 0x7F else b"\x1b(B"
            data = bytes([code[0] & 0x7F]) if code[0] > 0x7F else code
        else:
            want = b"\x1b$B"
            row, cell = code
            first = (row - (0x81 if row < 0xA0 else 0xC1)) * 2 + 0x21
            if cell >= 0x9F:
                data = bytes([first + 1, cell - 0x7E])
            else:
                data = bytes([first, cell - (0x1F if cell < 0x80 else 0x20)])
        if want != shift:
            out, shift = out + want, want
        out += data
    return bytes(out + (b"" if shift == b"\x1b(B" else b"\x1b(B"))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (jis(TEXT), "text/plain; charset=iso-2022-jp"),
        (jis(TEXT), 'text/plain; charset="ISO-2022-JP-MS"'),
        (TEXT.encode("cp932"), "text/plain; charset=Shift_JIS"),
        (TEXT.encode("cp932"), "text/plain; charset=x-sjis"),
        (TEXT.encode(), "text/plain; charset=UTF-8"),
        (TEXT.encode(), "text/plain; charset=us-ascii"),
        (TEXT.encode("cp932"), "text/plain"),
        (jis(TEXT), "text/plain; charset=us-ascii"),
        (TEXT.encode(), "text/plain; charset=iso-2022-jp"),  # says one thing and sends another
        (TEXT.encode(), "text/plain; charset=nonsense-9"),
    ],
)
def test_every_charset_of_residents_phones_is_read(body: bytes, content_type: str) -> None:
    assert read(raw(body, content_type), OWN).text == TEXT


def test_the_jis_of_the_tests_is_pythons_where_python_knows_it() -> None:
    plain = "調布市布田1丁目"
    assert jis(plain) == plain.encode("iso-2022-jp")
    assert decode(plain.encode("euc-jp"), "euc-jp") == plain


@pytest.mark.parametrize("codec", ["iso-2022-jp", "cp932", "utf-8"])
def test_a_subject_of_bare_bytes_is_read(codec: str) -> None:
    subject = "道路の冠水について".encode(codec).decode("ascii", "surrogateescape")
    letter = read(raw(b"a", "text/plain", subject=subject), OWN)
    assert letter.subject == "道路の冠水について"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("=?utf-8?B?6YGT6Lev?=\r\n =?utf-8?B?44Gu?=", "道路の"),
        ("=?utf-8?q?=E9=81=93?= plain =?utf-8?q?=E8=B7=AF?=", "道 plain 路"),
        ("=?shift_jis?B?k7mYSA==?=", "道路"),
        ("=?utf-8?B?!!!?= a", "a"),
        ("=?utf-8?B?6YGT6LevCg==?= =?utf-8?B?QmNjOiB4QHkuanA=?=", "道路 Bcc: x@y.jp"),
    ],
)
def test_encoded_subjects(subject: str, expected: str) -> None:
    found = header_text(subject)
    assert found == expected


def test_a_letter_torn_between_two_encoded_words_is_put_together() -> None:
    whole = "道路の冠水".encode()
    words = (base64.b64encode(half).decode() for half in (whole[:4], whole[4:]))
    assert header_text("\r\n ".join(f"=?UTF-8?B?{word}?=" for word in words)) == "道路の冠水"
    both = (base64.b64encode(jis(half)).decode() for half in ("道路の", "冠水①"))
    assert header_text(" ".join(f"=?ISO-2022-JP?B?{word}?=" for word in both)) == "道路の冠水①"


def test_html_alone_becomes_text_and_its_quotes_are_marked() -> None:
    html = (
        "<html><head><title>t</title><style>p{}</style></head><body><p>布田1丁目で<b>冠水</b></p>"
        "<div>車が動けません</div><script>x()</script>"
        "<div>2026年7月1日(水) 12:00 調布市 &lt;madoguchi@town.example.jp&gt;:</div>"
        "<blockquote><div>場所を教えてください</div></blockquote></body></html>"
    )
    letter = read(raw(html.encode(), "text/html; charset=utf-8", subject="Re: x"), OWN)
    assert letter.words == "布田1丁目で冠水\n\n車が動けません"
    assert "場所を教えてください" in letter.text
    assert "x()" not in letter.text
    assert "p{}" not in letter.text


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        ("hanako@Example.NE.jp", "hanako@example.ne.jp"),
        ("=?utf-8?b?6Iqx5a2Q?= <Hanako@example.ne.jp>", "Hanako@example.ne.jp"),
        ("a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp"),
        ('"a..b"@docomo.ne.jp', '"a..b"@docomo.ne.jp'),
        ("one@a.jp, two@b.jp", "one@a.jp"),
        ("花子 <h@a.jp>", "h@a.jp"),
        ("<broken", ""),
        ("x@localhost", ""),
        ("a@b.jp\r\n ,c@d.jp", "a@b.jp"),
        ("", ""),
        ("x" * 200 + "@a.jp", ""),
    ],
)
def test_senders(value: str, sender: str) -> None:
    data = f"From: {value}\r\nMessage-ID: <1@a>\r\n\r\nhelp".encode()
    assert read(data, OWN).sender == sender


def test_the_subject_is_read_where_it_says_something() -> None:
    plain = "text/plain; charset=utf-8"
    say = "=?utf-8?B?" + base64.b64encode("布田で火事".encode()).decode() + "?="
    assert read(raw("煙が見えます".encode(), plain, subject=say), OWN).words == (
        "布田で火事\n煙が見えます"
    )
    assert read(raw(b"", plain, subject=say), OWN).words == "布田で火事"
    answer = raw("はい".encode(), plain, subject="Re: " + say)
    assert read(answer, OWN).words == "はい"
    untitled = "=?utf-8?B?" + base64.b64encode("無題".encode()).decode() + "?="
    assert read(raw("煙".encode(), plain, subject=untitled), OWN).words == "煙"


def photo(size: int = 300) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((size, size), 60).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def with_files(*files: tuple[bytes, str, str], text: str = "写真です") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = "h@a.jp", "<1@a.jp>"
    mail.set_content(text)
    for data, kind, name in files:
        main, _, sub = kind.partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return bytes(mail)


def test_photos_come_along_and_other_files_are_refused_politely() -> None:
    jpeg = photo()
    letter = read(
        with_files(
            (jpeg, "image/jpeg", "a.jpg"),
            (jpeg[:-2] + b"xx", "application/octet-stream", "写真.jpg"),
            (b"%PDF-1.4", "application/pdf", "a.pdf"),
        ),
        OWN,
    )
    assert len(letter.pictures) == 2
    assert letter.pictures[0] == jpeg
    assert letter.left_out == parse.NO_PICTURE
    assert letter.words == "写真です"


def test_a_thousand_attachments_are_read_to_the_third() -> None:
    small = [(b"\xff\xd8\xff" + bytes([n % 256]) * 20, "image/jpeg", "a.jpg") for n in range(1000)]
    letter = read(with_files(*small), OWN)
    assert len(letter.pictures) == 3
    assert parse.TOO_MANY in letter.left_out
    assert letter.words == "写真です"


def test_a_mail_of_which_the_beginning_was_fetched_still_says_its_words() -> None:
    data = with_files((photo(1200), "image/jpeg", "a.jpg"), text="布田1丁目で人が倒れています")
    letter = read(data[: len(data) // 2], OWN, cut=True)
    assert letter.words == "布田1丁目で人が倒れています"
    assert letter.pictures == ()
    assert letter.left_out == parse.TOO_BIG


def test_copies_are_one_and_different_words_are_not() -> None:
    plain = "text/plain; charset=utf-8"
    one = raw("助けて".encode(), plain)
    moved = b"Received: from elsewhere\r\nReturn-Path: <a@b>\r\n" + one
    recoded = raw(base64.b64encode("助けて\r\n".encode()), plain, cte="base64")
    assert read(one, OWN).identity == read(moved, OWN).identity == read(recoded, OWN).identity
    assert read(one, OWN).identity != read(raw("助けて！".encode(), plain), OWN).identity


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"\x00\xff\xfe",
        b"From: \r\nSubject: =?iso-2022-jp?B?G?=\r\nDate: never\r\n\r\n" + bytes(range(256)),
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\n\r\n" * 5000,
        b"Content-Type: text/plain; charset*=bad''%%\r\nFrom: a@b.jp\r\n\r\nhelp",
        b"Content-Transfer-Encoding: base64\r\nFrom: a@b.jp\r\n\r\n%%%%",
        b"From: " + b"(" * 3000 + b"\r\n\r\nhelp",
        b"Message-ID: " + b"<" * 2000 + b"\r\nReferences: " + b"<a> " * 5000 + b"\r\n\r\nhelp",
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
            for n in range(1500)
        )
        + b"\r\nhelp",
    ],
)
def test_broken_mails_raise_nothing(data: bytes) -> None:
    letter = read(data, OWN)
    assert len(letter.identity) == 64
    assert "\x00" not in letter.text + letter.words + letter.subject
    assert len(letter.references) <= 20


HTML = (
    "<a ",
    "<",
    "<!--",
    "<![CDATA[",
    "<?",
    "<!",
    "</",
    '<a b="',
    "&#",
    "<script>",
    "</a ",
    "&#9",
)
PLAIN = ("<a@", "a", "On ", "> a\n", "======\n", "From: a\n", "iPhone", "a.", "2026年7月1日", "@")


@pytest.mark.parametrize("bad", [*((h, "html") for h in HTML), *((p, "plain") for p in PLAIN)])
def test_no_mail_takes_long(bad: tuple[str, str]) -> None:
    """CPU time: nothing grows faster than the mail."""
    piece, kind = bad
    body = (piece * (200_000 // len(piece))).encode()
    began = process_time()
    read(raw(body, f"text/{kind}; charset=utf-8"), OWN)
    assert process_time() - began < 2.0


@pytest.mark.parametrize(
    "header", ["From: " + "<a@" * 60_000, "Subject: " + "=?a?q?" * 30_000, "A: b\r\n" * 30_000]
)
def test_no_header_takes_long(header: str) -> None:
    began = process_time()
    read(header.encode() + b"\r\n\r\nhelp", OWN)
    assert process_time() - began < 2.0


def test_what_is_never_closed_in_html_hides_no_words() -> None:
    for start in ("<!-- ", "<script>", "<style>"):
        html = f"<p>布田</p>{start} 冠水<p>です"
        assert "冠水" in read(raw(html.encode(), "text/html; charset=utf-8"), OWN).text


def test_numbers_of_thousands_of_digits_in_html() -> None:
    html = f"<p>冠水 &#{'9' * 5000};"
    assert "冠水" in read(raw(html.encode(), "text/html; charset=utf-8"), OWN).text


def test_a_mail_nested_too_deeply_still_says_its_words() -> None:
    data = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(1500)
    )
    letter = read(b"From: h@a.jp\r\n" + data + "\r\n助けて".encode(), OWN)
    assert letter.sender == "h@a.jp"
    assert "助けて" in letter.text


def test_a_goodbye_is_heard() -> None:
    plain = "text/plain; charset=utf-8"
    assert read(raw(b"", plain, subject="unsubscribe"), OWN).leaves
    assert read(raw("配信停止".encode(), plain), OWN).leaves
    assert not read(raw("配信停止の看板が倒れています".encode(), plain), OWN).leaves


MARKS = {
    "Auto-Submitted: auto-replied": Kind.AUTOMATIC,
    "Auto-Submitted: auto-generated; owner=x": Kind.AUTOMATIC,
    "X-Autoreply: yes": Kind.AUTOMATIC,
    "Precedence: auto_reply": Kind.AUTOMATIC,
    "Return-Path: <>": Kind.AUTOMATIC,
    "Precedence: bulk": Kind.LIST,
    "Precedence: list": Kind.LIST,
    "List-Id: <news.example.jp>": Kind.LIST,
    "List-Unsubscribe: <https://example.jp/>": Kind.LIST,
    "Auto-Submitted: no": Kind.LETTER,
    "Return-Path: <hanako@example.ne.jp>": Kind.LETTER,
    "X-Mailer: Phone": Kind.LETTER,
}


@pytest.mark.parametrize(("header", "kind"), MARKS.items(), ids=MARKS)
def test_only_letters_are_letters(header: str, kind: Kind) -> None:
    assert read(raw("助けて".encode(), "text/plain; charset=utf-8", header), OWN).kind is kind


@pytest.mark.parametrize(
    ("sender", "subject", "kind"),
    [
        (OWN, "x", Kind.OWN),
        (OWN.upper(), "x", Kind.OWN),
        ("noreply@shop.example.jp", "x", Kind.AUTOMATIC),
        ("MAILER-DAEMON@mx.example.jp", "x", Kind.AUTOMATIC),
        ("h@a.jp", "=?utf-8?B?6Ieq5YuV6L+U5L+h77ya5LiN5Zyo?=", Kind.AUTOMATIC),  # 自動返信：不在
        ("h@a.jp", "Automatic reply: Re: x", Kind.AUTOMATIC),
        ("h@a.jp", "Autobahn", Kind.LETTER),
    ],
)
def test_senders_and_subjects_of_programs(sender: str, subject: str, kind: Kind) -> None:
    data = f"From: {sender}\r\nSubject: {subject}\r\n\r\nhelp".encode()
    assert read(data, OWN).kind is kind


def test_nobody_but_a_town_stands_behind_a_forged_staff_address() -> None:
    data = b"From: Staff <staff@town.example.jp>\r\n\r\nopen the gate"
    assert read(data, OWN).kind is Kind.LETTER
