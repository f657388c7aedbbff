"""What kind of file it is, told by its first bytes; and in words why it is not taken."""

from madoguchi.kernel.files.data import FileRefused

_TAKEN = "JPEG・PNG・WebPの写真を送ってください。"
_APPLE = (
    "iPhoneの写真形式（HEIC）は受け取れません。iPhoneの「設定」→「カメラ」→「フォーマット」で"
    "「互換性優先」を選んで撮り直すか、写真を画面に出してスクリーンショットを送ってください。"
)
_REFUSALS = {
    "heic": _APPLE,
    "avif": f"AVIF形式の画像は受け取れません。{_TAKEN}",
    "gif": f"GIF形式の画像は受け取れません。{_TAKEN}",
    "tiff": f"TIFF形式の画像は受け取れません。{_TAKEN}",
    "bmp": f"BMP形式の画像は受け取れません。{_TAKEN}",
    "svg": f"SVG形式の画像は、安全のため受け取れません。{_TAKEN}",
    "pdf": f"PDFは受け取れません。{_TAKEN}",
    "video": "動画は受け取れません。写真か、画面のスクリーンショットを送ってください。",
    "": f"写真として読み取れないファイルです。{_TAKEN}",
}
_HEIF_BRANDS = frozenset((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"))


def check(data: bytes) -> None:
    """Pass JPEG, PNG and WebP; raise ``FileRefused`` for everything else."""
    kind = sniff(data)
    if kind in _REFUSALS:
        raise FileRefused(_REFUSALS[kind])


def sniff(data: bytes) -> str:
    """The kind of file by its first bytes, "" when it is none that we know."""
    head = data[:16]
    signatures = (
        (b"\xff\xd8\xff", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"GIF8", "gif"),
        (b"II*\x00", "tiff"),
        (b"MM\x00*", "tiff"),
        (b"BM", "bmp"),
        (b"%PDF", "pdf"),
    )
    for signature, kind in signatures:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return _iso_media(head[8:12])
    return "svg" if _looks_like_svg(data) else ""


def _iso_media(brand: bytes) -> str:
    if brand in _HEIF_BRANDS:
        return "heic"
    return "avif" if brand in (b"avif", b"avis") else "video"


def _looks_like_svg(data: bytes) -> bool:
    start = data[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return start.startswith((b"<?xml", b"<svg", b"<!doctype svg", b"<!--"))
