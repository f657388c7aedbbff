"""Lists of words the engine goes by: what is a name and what is only a word."""


def words(text: str) -> frozenset[str]:
    """The words of a list separated by blanks."""
    return frozenset(text.split())


def ordered(text: str) -> tuple[str, ...]:
    """The words of a list separated by blanks, in its order."""
    return tuple(text.split())


# Words and frequent surnames that are also names of districts.
COMMON = words(
    """
中央 小川 高橋 三浦 石田 新井 上田 藤原 小沢 千田 大沢 大沼 山川 向山 伊豆
川野 川井 大久保 岡田 和田 高松 大和 宮前 日野 豊田 小山 中里 中野 松原 桜井
大丸 坂本 原町 入谷 平井 長沢 戸倉 網代 横川 川口 大谷 森野 金井 根岸 本田
福島 田中 宮沢 大神 境 今井 野上 友田 成木 富岡 木場 平野 石島 海辺 永田 小島
芝 竹芝 吉野 大塚 大島 堀田 長谷部 池田 中島 上野 若松 三田 代田 水元 清水
石原 南
"""
)

# Towns whose name without 市 or 区 is also a word or a surname.
AMBIGUOUS_TOWNS = words(
    """
国立 日野 町田 大島 新島 中央 中野 品川 豊島 足立 荒川 板橋 港 北 文京 台東
江東 目黒 渋谷 大田 三宅 稲城 府中 日の出 瑞穂 千代田 清瀬 羽村 立川
"""
)

# Words that say what kind of place it is, but not which.
GENERIC = words(
    """
近く 近所 最寄 地元 避難 指定 公立 市立 町立 村立 区立 都立 県立 国立 私立
母校 総合 市民 区民 町民 村民 中央 児童 近隣 救急 動物 歯科 地区 大型 賃貸
集合 高層 木造 自宅 一般 公営 市営 都営 県営 町営 仮設 応急 災害 防災 緊急
女子 男子 医療 福祉 保健 文化 運動 食品 商業 公衆 歩道 専門 拠点 市内 町内
村内 区内 都内 避難所 臨時 サポート サービス コール 認定 共同
保健福祉 地域総合 障害福祉 地域振興
家庭
住民 新興 隣 各 全 当 同 某 次 終着 始発 学校 先
今 昨日 今日 乗換 途中 二世帯 被災者 災害公営 コール
"""
)

# Prefectures in 県.
PREFECTURES = ordered(
    """
青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 神奈川 新潟 富山 石川
福井 山梨 長野 岐阜 静岡 愛知 三重 滋賀 兵庫 奈良 和歌山 鳥取 島根 岡山 広島
山口 徳島 香川 愛媛 高知 福岡 佐賀 長崎 熊本 大分 宮崎 鹿児島 沖縄
"""
)

# Cities whose name is neither a surname nor a word: it says the place by itself.
CITIES = ordered(
    """
札幌 仙台 名古屋 大阪 神戸 北九州 熊本 鹿児島 那覇 横浜 能登 輪島 珠洲 七尾
気仙沼 石巻 いわき 熱海
"""
)

# Cities of other prefectures that need their 市.
CITIES_IN_FULL = ordered(
    """
川崎 相模原 さいたま 千葉 新潟 静岡 浜松 京都 堺 岡山 広島 福岡 所沢 川口 市川
船橋 松戸 横須賀 藤沢 厚木 大和 八潮 草加 朝霞 和光 新座 入間 飯能 狭山 甲府
上野原 長野 宇都宮 前橋 高崎 水戸 盛岡 秋田 山形 福島 金沢 富山 福井 岐阜 津
大津 奈良 和歌山 鳥取 松江 山口 徳島 高松 松山 高知 佐賀 長崎 大分 宮崎
"""
)

# Names of a kind of facility, which say which one only together with something else.
BARE_KINDS = words(
    """
大学 小中 保育室 保育園 幼稚園 公園 学校 小学校 中学校 高校 体育館 会館 広場
病院 センター 図書館 公民館 集会所 診療所 武道館 児童館 保育所 郵便局 交番
消防署 警察署 教会 神社 クリーンセンター 給食センター 文化センター 福祉会館
サービスセンター 社会福祉協議会 農業公園 中央公園 児童公園 運動公園 総合運動場
市民会館 福祉センター 保健センター 総合体育館 市民体育館 中央図書館 グラウンド
"""
)

# Words that may stand directly before the name of a place without being part of it.
BEFORE = words(
    """
火災 火事 停電 断水 冠水 浸水 水害 洪水 救助 救急 緊急 至急 要請 通報 事故 倒木
漏水 現場 場所 住所 自宅 実家 職場 勤務 昨日 今日 本日 今朝 昨夜 今夜 先程 先刻
現在 都内 市内 町内 区内 村内 当方 発生 連絡 情報 避難 孤立 拡散 希望 国道 都道
在住 地震 台風 大雨 豪雨 大雪 津波 高潮 噴火 土砂 崩落 陥没 通行 道路 付近 周辺
最寄 近所 集合 場合 地区 地域 所在 対象 会場 時分 時頃 午前 午後 正午 昼頃 夕方
"""
)
