"""Source, credit and licence of everything that goes into a pack."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """``source`` names the repository or package and its commit or version."""

    source: str
    credit: str
    licence: str


ORIGINS = {
    "geolonia-addresses": Origin(
        "github.com/geolonia/japanese-addresses @ c3999f70 (2024-01-15)",
        "Geolonia 住所データ（国土交通省「位置参照情報」を加工）",
        "CC BY 4.0",
    ),
    "postal": Origin(
        "npm japan-postal-code 0.3.0",
        "japan-postal-code（日本郵便「郵便番号データ」）",
        "MIT",
    ),
    "n03": Origin(
        "github.com/geolonia/japanese-admins @ d302c496 (2023-02-21)",
        "国土交通省「国土数値情報（行政区域）」を加工",
        "MIT; 国土数値情報 利用規約（出典の表示）",
    ),
    "n03-simplified": Origin(
        "github.com/smartnews-smri/japan-topography @ b403e71e (2023-12-01)",
        "国土交通省「国土数値情報（行政区域）」令和3年を加工",
        "国土数値情報 利用規約（出典の表示）",
    ),
    "gsi-shelters": Origin(
        "github.com/motohasystem/jp-shelter-api @ 6affdeab (2025-11-06)",
        "国土地理院「指定緊急避難場所・指定避難所データ」を加工",
        "MIT; 国土地理院コンテンツ利用規約（出典の表示）",
    ),
    "mlit-n02": Origin(
        "github.com/jun-s-19/makedata_papamama_hachioji @ 3146bf9b (2019-06-30)",
        "国土交通省「国土数値情報（鉄道）」平成30年度を加工",
        "MIT; 国土数値情報 利用規約（出典の表示）",
    ),
    "localgovjp": Origin(
        "github.com/code4fukui/localgovjp @ 232edc3a (2026-07-09)", "localgovjp", "CC0 1.0"
    ),
    "chofu-schools": Origin(
        "github.com/okiyuki99/streamlit-chofu-visualization @ fcec4a09 (2025-01-26)",
        "調布市オープンデータ（市立学校）を加工",
        "CC BY 4.0",
    ),
    "chofu-blocks": Origin(
        "github.com/okiyuki99/streamlit-chofu-visualization @ fcec4a09 (2025-01-26)",
        "「令和2年国勢調査町丁・字等別境界データ」をもとにNIIが加工したものを加工",
        "CC BY 4.0",
    ),
    "chofu-population": Origin(
        "github.com/okiyuki99/streamlit-chofu-visualization @ fcec4a09 (2025-01-26)",
        "調布市オープンデータ（町丁別人口）を加工",
        "CC BY 4.0",
    ),
    "hachioji-nurseries": Origin(
        "github.com/jun-s-19/makedata_papamama_hachioji @ 3146bf9b (2019-06-30)",
        "八王子市オープンデータ（子育て施設）を加工",
        "MIT; CC BY 4.0",
    ),
    "hachioji-keikan100": Origin(
        "github.com/code4fukui/hachioji-keikan100 @ 4ff1ba33 (2026-05-14)",
        "八王子市「八王子景観100選」を加工",
        "CC BY 4.0",
    ),
    "jma-codes": Origin(
        "github.com/fjdj-1515/jma-analysis @ 716749c9 (2023-06-18); "
        "github.com/weatherbox/warning-area @ 44b57d37 (2021-06-24)",
        "気象庁「防災情報 地域コード」を加工",
        "気象庁 公共データ利用規約（CC BY 4.0 互換）",
    ),
    "regions": Origin(
        "seed/regions.csv", "多摩・島しょ地域の圏域（調査報告書による区分）", "Apache-2.0"
    ),
    "made-here": Origin("scripts/packs/made_here.csv", "madoguchi", "Apache-2.0"),
}


def combined(keys: list[str]) -> dict[str, str]:
    """``{source, credit, licence}`` of a file made from several origins, each part once."""
    origins = [ORIGINS[k] for k in dict.fromkeys(keys)]
    return {
        field: " / ".join(dict.fromkeys(getattr(o, field) for o in origins))
        for field in ("source", "credit", "licence")
    }
