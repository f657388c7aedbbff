"""Names of places outside the gazetteer that are known by name alone: other prefectures."""

import re

_PREFECTURES = (
    "青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 神奈川 新潟 富山 石川 福井 山梨 長野 岐阜 静岡"
    " 愛知 三重 滋賀 兵庫 奈良 和歌山 鳥取 島根 岡山 広島 山口 徳島 香川 愛媛 高知 福岡 佐賀 長崎 熊本 大分"
    " 宮崎 鹿児島 沖縄"
).split()
NAMES = frozenset([f"{name}県" for name in _PREFECTURES] + ["北海道", "京都府", "大阪府", "東京都"])
# Cities whose name is neither a surname nor a word, so that it says the place by itself.
_CITIES = (
    "札幌 仙台 名古屋 大阪 神戸 北九州 熊本 鹿児島 那覇 横浜 能登 輪島 珠洲 七尾 気仙沼 石巻 いわき 熱海"
).split()
_WITH_SUFFIX = (
    "川崎 相模原 さいたま 千葉 新潟 静岡 浜松 京都 堺 岡山 広島 福岡 所沢 川口 市川 船橋 松戸 横須賀 藤沢"
    " 厚木 大和 八潮 草加 朝霞 和光 新座 入間 飯能 狭山 甲府 上野原 長野 宇都宮 前橋 高崎 水戸 盛岡 秋田 山形"
    " 福島 金沢 富山 福井 岐阜 津 大津 奈良 和歌山 鳥取 松江 山口 徳島 高松 松山 高知 佐賀 長崎 大分 宮崎"
).split()
_ADDRESS = (
    r"(?:[一-龥々ヶケがの]{1,8}[0-9０-９一二三四五六七八九十]+(?:丁目|[-－][0-9０-９]+)[0-9０-９－\-番地号]*)?"
)
_PATTERN = re.compile(
    "(?:"
    + "|".join(
        [rf"(?:{'|'.join(_PREFECTURES)})県(?:[一-龥々ヶケの]{{1,6}}?[市区町村])?(?:[一-龥]{{1,4}}?区)?"]
        + [r"北海道(?!物産)|大阪府|京都府"]
        + [rf"(?:{'|'.join(_WITH_SUFFIX + _CITIES)})市(?:[一-龥]{{1,4}}?区)?"]
        + list(_CITIES)
    )
    + ")"
    + _ADDRESS
)


def spans(source: str, own: frozenset[str]) -> list[tuple[int, int]]:
    """Where places of prefectures other than ``own`` are named, as (start, end), in order."""
    return [
        match.span()
        for match in _PATTERN.finditer(source)
        if not any(match[0].startswith(name) for name in own)
    ]
