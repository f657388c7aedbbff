"""One spelling for many: every text and every name is folded before they are compared.

A fold never lengthens a text, so each folded character has the place it came from; matches can
therefore be cut out of the source exactly as they were written.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

# Old and variant forms, each followed by the form in everyday use.
_VARIANTS = """
亞亜 惡悪 壓圧 圍囲 醫医 壹壱 稻稲 飮飲 隱隠 榮栄 營営 衞衛 驛駅 圓円 緣縁 豔艶 鹽塩 應応 奧奥 歐欧 毆殴 橫横
櫻桜 溫温 假仮 價価 畫画 會会 懷懐 繪絵 壞壊 槪概 擴拡 覺覚 學学 嶽岳 樂楽 關関 觀観 卷巻 歡歓 罐缶 陷陥 勸勧
舘館 顏顔 氣気 歸帰 旣既 龜亀 僞偽 戲戯 犧犠 舊旧 據拠 擧挙 峽峡 敎教 鄕郷 堯尭 曉暁 區区 驅駆 薰薫 徑径
惠恵 溪渓 經経 繼継 莖茎 螢蛍 輕軽 鷄鶏 藝芸 擊撃 缺欠 儉倹 劍剣 圈圏 檢検 權権 獻献 縣県 險険 顯顕 驗験 嚴厳
廣広 恆恒 黃黄 國国 黑黒 濟済 碎砕 齋斎 齊斉 劑剤 﨑崎 嵜崎 碕崎 雜雑 參参 慘惨 棧桟 蠶蚕 贊賛 殘残 絲糸 齒歯
兒児 辭辞 濕湿 實実 寫写 釋釈 壽寿 收収 從従 澁渋 澀渋 獸獣 縱縦 肅粛 處処 敍叙 將将 燒焼 獎奨 條条 狀状 乘乗
淨浄 剩剰 疊畳 孃嬢 讓譲 釀醸 觸触 愼慎 晉晋 眞真 寢寝 盡尽 圖図 粹粋 醉酔 隨随 髓髄 數数 樞枢 瀨瀬 聲声 靜静
靑青 竊窃 攝摂 專専 戰戦 淺浅 潛潜 錢銭 禪禅 雙双 壯壮 搜捜 插挿 巢巣 爭争 總総 聰聡 莊荘 裝装 騷騒 增増 臟臓
藏蔵 屬属 續続 體体 對対 帶帯 滯滞 臺台 瀧滝 擇択 澤沢 單単 團団 彈弾 斷断 遲遅 晝昼 蟲虫 鑄鋳 廳庁 聽聴 鎭鎮
遞逓 鐵鉄 轉転 點点 傳伝 燈灯 當当 黨党 盜盗 稅税 德徳 獨独 讀読 屆届 繩縄 貳弐 腦脳 惱悩 廢廃 拜拝
賣売 麥麦 發発 髮髪 拔抜 蠻蛮 祕秘 濱浜 濵浜 甁瓶 拂払 佛仏 變変 邊辺 邉辺 辨弁 瓣弁 辯弁 舖舗 步歩 穗穂 寶宝
豐豊 襃褒 沒没 飜翻 槇槙 萬万 滿満 默黙 彌弥 藥薬 譯訳 豫予 餘余 與与 譽誉 搖揺 樣様 謠謡 遙遥 瑤瑶 來来 賴頼
亂乱 覽覧 龍竜 兩両 獵猟 綠緑 鄰隣 壘塁 淚涙 禮礼 隸隷 靈霊 齡齢 戀恋 爐炉 勞労 樓楼 郞郎 灣湾 髙高 嶋島 嶌島
淵渕 桧檜 薮藪 莵菟 巿市 冨富 鷗鴎 曾曽 籠篭 竈竃 襧祢 禰祢 穐秋 凉涼 峯峰 埜野 邨村 號号 厰廠 閒間
舩船 濶闊 檐簷 祇祗 裡裏 寳宝 厩廐 條条 圡土 𠮷吉
"""
_HYPHENS = "-‐‑‒–—―−ー－ｰ─━﹣﹘˗➖"
_SPACES = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]+")
_VOICING = re.compile(r"[\u3099\u309a\uff9e\uff9f\u309b\u309c]")
_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワケケ")


@dataclass(frozen=True, slots=True)
class Folded:
    """``text`` folded; ``origin[i]`` is where character ``i`` stood in the source."""

    source: str
    text: str
    origin: list[int] | None

    def start(self, i: int) -> int:
        """Source offset of folded offset ``i``."""
        if self.origin is None:
            return i
        return self.origin[i] if i < len(self.origin) else len(self.source)

    def end(self, i: int) -> int:
        """Source offset just after the folded character before ``i``."""
        if self.origin is None or i == 0:
            return i
        end = self.origin[i - 1] + 1
        while end < len(self.source) and _VOICING.match(self.source[end]):
            end += 1
        return end

    def rest(self, i: int) -> str:
        """What follows folded offset ``i`` in the source, without surrounding blanks."""
        return self.source[self.end(i) :].strip()


def _pairs() -> dict[str, str]:
    """Variant -> representative, chains resolved."""
    found: dict[str, str] = {}
    for pair in _VARIANTS.split():
        old, new = pair[0], pair[1:]
        old, new = (unicodedata.normalize("NFKC", x) for x in (old, new))
        while new in found:
            new = found[new]
        if old != new:
            found[old] = new
    return found


@cache
def _table() -> dict[int, str]:
    variants = _pairs()
    table: dict[int, str] = {}
    for code in range(0x20, 0x30000):
        if 0xAC00 <= code < 0xE000 or 0x3400 <= code < 0x4E00:
            continue
        char = chr(code)
        plain = unicodedata.normalize("NFKC", char)
        folded = _fold_char(plain if len(plain) == 1 else char, variants)
        if char in _HYPHENS:
            folded = "-"
        if folded != char:
            table[code] = folded
    return table


def _fold_char(char: str, variants: dict[str, str]) -> str:
    if "ぁ" <= char <= "ゖ":
        char = chr(ord(char) + 0x60)
    char = char.lower() if len(char.lower()) == 1 else char
    char = char.translate(_SMALL)
    if char == "ガ":
        return "ケ"
    if char in "之乃":
        return "ノ"
    return variants.get(char, char)


def fold(source: str) -> Folded:
    """Fold width, kana, ヶ/ケ/が, の/ノ/之, old forms, hyphens; drop blanks except between digits."""
    text, origin = source, None
    if _VOICING.search(source):
        text, origin = _compose(source)
    text = text.translate(_table())
    if _SPACES.search(text):
        text, origin = _drop_spaces(text, origin)
    return Folded(source, text, origin)


def key(name: str) -> str:
    """The folded form of a gazetteer name."""
    return fold(name).text


def _compose(source: str) -> tuple[str, list[int]]:
    """Join a kana and its separate voicing mark into one character."""
    chars: list[str] = []
    origin: list[int] = []
    for i, char in enumerate(source):
        if chars and _VOICING.match(char) and i - origin[-1] == 1:
            mark = "\u3099" if char in "\u3099\uff9e\u309b" else "\u309a"
            base = unicodedata.normalize("NFKC", chars[-1])
            joined = unicodedata.normalize("NFC", base + mark)
            if len(joined) == 1:
                chars[-1] = joined
                continue
        chars.append(char)
        origin.append(i)
    return "".join(chars), origin


def _drop_spaces(text: str, origin: list[int] | None) -> tuple[str, list[int]]:
    chars: list[str] = []
    kept: list[int] = []
    last = 0
    for gap in _SPACES.finditer(text):
        start, end = gap.span()
        chars.append(text[last:start])
        kept.extend(range(last, start))
        if start and end < len(text) and text[start - 1].isdigit() and text[end].isdigit():
            chars.append(" ")
            kept.append(start)
        last = end
    chars.append(text[last:])
    kept.extend(range(last, len(text)))
    if origin is not None:
        kept = [origin[i] for i in kept]
    return "".join(chars), kept
