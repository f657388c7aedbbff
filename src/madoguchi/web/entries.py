"""The entries of the home pages that belong to no service."""

from madoguchi.ui.menu import MenuItem
from madoguchi.ui.words import Words

MENU = (
    MenuItem(
        "resident",
        10,
        Words(
            "災害・困りごとを知らせる",
            "災害《さいがい》・こまったことを 知《し》らせる",
            "Report damage or ask for help",
        ),
        "/message/",
        "speak",
        Words(
            "道路の冠水、倒木、けが人など。文字と写真で送れます。場所がわからなくても送れます。",
            "道《みち》に 水《みず》が ある。木《き》が たおれた。けがを した。"
            "文字《もじ》や 写真《しゃしん》で 教《おし》えて ください。",
            "Flooded road, fallen tree, injury… Send words and a photo. "
            "You need not know the exact place.",
        ),
        service="disaster",
    ),
    MenuItem(
        "resident",
        30,
        Words(
            "役所にメッセージを送る",
            "役所《やくしょ》に メッセージを おくる",
            "Send a message to the town",
        ),
        "/message/",
        "speak",
        Words(
            "文字と写真で送れます。職員が読みます。",
            "文字《もじ》や 写真《しゃしん》を おくります。"
            "役所《やくしょ》の 人《ひと》が 読《よ》みます。",
            "Words and photos. Staff will read them.",
        ),
    ),
    MenuItem(
        "resident",
        20,
        Words("避難所・避難場所をさがす", "にげる 場所《ばしょ》を さがす", "Find a shelter"),
        "shelters",
        "shelter",
        Words(
            "住所の近い順、地区、災害の種類で選べます。",
            "家《いえ》の 近《ちか》くの にげる 場所《ばしょ》を 見《み》ます。",
            "By distance from an address, by district or by kind of disaster.",
        ),
    ),
    MenuItem(
        "resident",
        80,
        Words("連絡先・電話で相談する", "電話《でんわ》で 話《はな》す", "Contacts, call us"),
        "contacts",
        "phone",
        Words(
            "役所の電話、緊急の電話、災害用伝言ダイヤル。",
            "役所《やくしょ》の 電話番号《でんわばんごう》です。",
            "Town office, emergency numbers, disaster message line.",
        ),
    ),
    MenuItem(
        "resident",
        90,
        Words("使い方・よくある心配", "使《つか》いかた", "How to use, your worries"),
        "help",
        "help",
        Words(
            "使い方の相談先と、個人情報や停電のときのことをお答えします。",
            "わからない とき、しんぱいな ときに 見《み》て ください。",
            "Where to get help, privacy, and what happens in a power cut.",
        ),
    ),
    MenuItem(
        "staff",
        0,
        Words("待っている仕事", en="Waiting for you"),
        "staff_home",
        "home",
        Words("未確認の案件、自分の担当、送れなかった返事をまとめて見ます。"),
    ),
    MenuItem(
        "staff",
        50,
        Words("届いた声", en="Voices"),
        "voices",
        "chat",
        Words("案件になっていないメッセージを確かめます。"),
    ),
    MenuItem(
        "staff",
        60,
        Words("送信の状況", en="Deliveries"),
        "deliveries",
        "send",
        Words("送れなかった返事を確かめます。"),
    ),
    MenuItem(
        "staff",
        900,
        Words("設定", en="Settings"),
        "settings",
        "gear",
        Words("窓口のつなぎ方と、町の決まりごとを整えます。"),
        role="manager",
    ),
    MenuItem(
        "settings",
        5,
        Words("職員"),
        "members",
        "people",
        Words("職員を登録し、権限と課を変え、異動した人を入れないようにします。"),
        role="admin",
    ),
    MenuItem(
        "settings",
        5,
        Words("停止のお知らせ", en="Outages"),
        "outages",
        "alert",
        Words("LINEや電話が使えないことを、住民のページの一番上に出します。"),
        role="operator",
    ),
    MenuItem(
        "settings",
        10,
        Words("使う機能"),
        "services",
        "list",
        Words("サービスと、住民とのやり取りの道を、入れたり切ったりします。"),
        role="admin",
    ),
    MenuItem(
        "settings",
        800,
        Words("レシピ"),
        "recipes",
        "list",
        Words("町の決まりごとを書き出します。ほかの町のものを、見てから取り入れます。"),
        role="admin",
    ),
    MenuItem(
        "settings",
        900,
        Words("システムの状態"),
        "machine",
        "check",
        Words("空き、バックアップ、待っている仕事、版などを見ます。"),
        role="admin",
    ),
)
