"""What must not be acted on or published without checking. Doubt never hides a message."""

import re

from madoguchi.services.disaster.data import Reason

COPIED = re.compile(
    r"拡散(?:希望|して|お願|よろしく|求む|!|！|を)|シェア(?:して|希望|お願|を)|rt(?:希望|して|お願)|リツイート|リポスト|転載|コピペ|回してください|広めて"
)
ASKS_IF_TRUE = re.compile(
    r"(?:って|というのは|は|のは)(?:本当|ほんとう?|ほんま|マジ|まじ|事実)(?:です|でしょう|な(?:の|ん))?(?:か|の|\?|？|かな|$)|デマ(?:です|なの|じゃ|でしょう|かな|か|\?|？)|本当(?:です|なの|でしょう)か|ほんとですか"
)
TOPICS = re.compile(
    r"(?:ライオン|虎|トラ|ワニ|熊|クマ|サル|猿|ゴリラ|猛獣|動物|ヘビ|大蛇|サメ|囚人|受刑者|脱獄)(?:が|も|の群れが)?.{0,8}(?:逃げ|脱走|出て|脱|歩いて|泳いで|うろつ)|"
    r"(?:井戸|水道|水|給水車?)(?:の水)?に.{0,4}毒|毒(?:が|を)(?:入|混|まか)|毒ガス|有毒ガス|放射能|放射線|原発|"
    r"(?:窃盗|泥棒|強盗|略奪|暴動|空き巣|火事場泥棒|不審|偽)(?:団|者|車|集団|の?グループ|警官|消防)?|外国人(?:の|が).{0,10}(?:集団|窃盗|犯|襲|盗|暴)|"
    r"人工地震|地震兵器|予知|予言|地震雲|(?:\d+|数|何)(?:時間?|日)?(?:後|頃|ごろ)?に.{0,6}(?:本震|大地震|大きな地震|巨大地震|もっと大きい)|(?:次|つぎ)は(?:もっと|震度|本震)|本震(?:が)?(?:来る|くる|これから)|"
    r"ダム(?:が|の).{0,6}(?:決壊|壊れ|崩壊|切れ|爆破)|市役所(?:が|は).{0,6}(?:占拠|爆破|崩壊)|自衛隊(?:の|から|に)(?:知|友|聞|内部)|知り合いの(?:消防|警察|市役所|役場|自衛)|政府(?:が|は)隠|報道(?:され|しない|規制)|"
    r"ヘリ(?:から|が).{0,8}(?:現金|お札)|1人(?:\d+万|10万)|全(?:員|世帯)(?:に)?(?:\d+万|給付)|水没(?:した)?(?:コンビニ|スーパー)(?:で|の).{0,6}(?:無料|タダ|ただ)"
)
HEARSAY = re.compile(
    r"らしい|だって|だそう|そうです|そうだ|聞い(?:た|て)|きいた|回って(?:き|来)|流れて(?:き|来)|見た(?:けど|んだけど|のですが)|書いて(?:あ|い)|噂|うわさ|ツイート|ポスト(?:で|を|が)|tiktok|ライングループ|lineで回|ネットで|sns(?:で|に|の)|youtube|拡散|みたい|との情報|という情報|だってさ|って(?:言|い)って|という話|友達の友達|らしく|という"
)
TOLD_AS_NEWS = re.compile(r"速報|緊急速報|【(?:速報|緊急|拡散|注意)】|ニュース(?:で|に)")
CORRECTS = re.compile(
    r"デマ(?:です(?!か)|でした|だ(?!よね|と|って)|に(?:注意|惑わ|気を)|情報(?:に|です)|らしいです?よ)|(?:うそ|嘘|ウソ|誤報|誤情報|間違い|まちがい|事実では)(?:です(?!か)|でした|ありません|だった|な(?:い|く))|そのような事実|確認(?:した|しました|済み?)(?:が|ところ|けど|ら|。)|(?:実際|現地|現場)(?:に|を|は).{0,8}(?:見|行|確認).{0,12}(?:ない|なかった|ありませ|大丈夫|通れ|無事|異常なし)|逃げて(?:い)?ませ"
)


def suspicions(
    plain: str, *, open_post: bool, block_exists: bool, calls_for_help: bool
) -> list[Reason]:
    """Why a text is doubtful, for staff; empty when nothing speaks against it.

    ``open_post``: written by nobody we know (SNS). ``block_exists``: False when the text names a
    block that the gazetteer knows not to exist.
    """
    if CORRECTS.search(plain):
        return []
    found = []
    if not block_exists and (calls_for_help or open_post):
        found.append("存在しない町丁目が書かれています。")
    if COPIED.search(plain) and (open_post or calls_for_help):
        found.append("転載や拡散を求める文章です。元の投稿者と場所の確認が必要です。")
    if TOPICS.search(plain) and (
        HEARSAY.search(plain)
        or ASKS_IF_TRUE.search(plain)
        or open_post
        or TOLD_AS_NEWS.search(plain)
    ):
        found.append("うわさになりやすい内容です。事実の確認が必要です。")
    elif ASKS_IF_TRUE.search(plain):
        found.append("「本当ですか」とたずねる内容です。事実の確認が必要です。")
    return [Reason("doubtful", text) for text in found]


def is_rumour(plain: str) -> bool:
    """Whether the text spreads or asks about hearsay of the usual kind."""
    return bool(TOPICS.search(plain)) or bool(ASKS_IF_TRUE.search(plain))
