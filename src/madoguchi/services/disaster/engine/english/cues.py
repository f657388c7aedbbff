"""What English words tell, with the reason that staff reads; matched against ``tokens.plain``."""

# ruff: noqa: E501  (one pattern a line: breaking a regular expression makes it harder to read)

import re

from madoguchi.services.disaster.data import Category as C
from madoguchi.services.disaster.engine import cues as japanese
from madoguchi.services.disaster.engine.cues import Cue


def _cue(category: C, urgency: int, name: str, *alternatives: str) -> Cue:
    return Cue(category, urgency, name, re.compile(rf"\b(?:{'|'.join(alternatives)})"))


WHO = (
    r"(?:people|person|man|men|woman|women|child|children|kids?|boy|girl|baby|babies|mother|father|"
    r"mom|mum|dad|grandmother|grandfather|grandma|grandpa|parents?|son|daughter|brother|sister|wife|"
    r"husband|friends?|neighbou?rs?|roommate|family|couple|residents?|someone|somebody|workers?|"
    r"driver|students?|passengers?|he|she|they|we|i|us)"
)
BODY = r"(?:head|hand|arm|leg|foot|feet|ankle|wrist|back|neck|chest|eye|face|finger|knee|shoulder)"

# fmt: off
CUES: tuple[Cue, ...] = (
    Cue(C.RESCUE, 3, japanese.CRY.name, re.compile(
        r"^(?:please )?help(?: me| us| please)?\b(?! (?:me|us)? ?(?:find out|understand|with))|\bhelp (?:me|us)\b(?! (?:understand|find out|with))|"
        r"\bplease help\b(?! (?:me|us)? ?(?:understand|find|with))|\b(?:save|rescue) (?:me|us|them|her|him)\b|\bsos\b|\bneeds? (?:a )?rescue|\bsend (?:a )?(?:boat|help|rescue|helicopter|ambulance)|"
        r"\bhelp$|\btasukete|\bsocorro\b|\bauxilio\b|\bayuda\b|\btulong\b|\btolong\b|\bcứu")),
    _cue(C.RESCUE, 3, "逃げられない人",
        r"trapped\b", r"buried\b(?! my| the (?:cat|dog|time))", r"pinned\b", r"stranded on", r"(?:can|could) not (?:get|go|come|climb) (?:out|down|up|away)\b", r"can not (?:escape|swim)", r"can not climb",
        r"(?:a family|people|someone|somebody|children|they) (?:is|are) inside\b", r"(?:on|onto) (?:the |my |our |a )?(?:roof|top of (?:a |the |my |our )?car)\b", r"(?:swept|washed|carried) away (?:in|by|with)", r"drown(?:s|ed|ing)?\b",
        rf"{WHO} (?:is |are |was |were )?(?:still )?(?:stuck|inside the (?:burning|collapsed|house|car))", r"stuck in (?:her|his|my|our|the|a) (?:car|house|room|basement)",
        r"waving from", r"hear (?:voices|screams|someone)", r"door (?:is )?(?:jammed|not open|does not open|will not open)"),
    _cue(C.RESCUE, 3, "水が体まで来ている",
        r"water (?:is |has |have |come |comes |came |comes up |level )*(?:up |at |to )+(?:the |our |my |her |his )?(?:neck|chest|waist|windows?|ceiling)", r"(?:neck|chest|waist)[ -](?:deep|level|high)"),
    _cue(C.RESCUE, 2, "孤立・閉じ込め",
        r"cut off\b", r"isolated\b", r"surrounded by water", r"snowed in", r"stranded\b", r"(?:stuck|locked|trapped) in (?:the |an? )?(?:elevator|lift)\b", r"can not (?:open|get out of) (?:my|the|our) (?:front )?door",
        r"both roads"),
    _cue(C.INJURY, 3, "命にかかわる容体",
        r"unconscious", r"not (?:breathing|moving|responding|breathe)", r"can not breathe", r"(?:does|did|do) not (?:respond|wake|breathe|move)", r"stopped (?:responding|breathing)", r"collapsed on",
        r"heart attack", r"stroke\b", r"(?:a lot of|lots of|many|much) blood", r"blood(?:y)? .{0,24}(?:not stop|everywhere)", r"bleeding (?:heavily|a lot|badly)", r"bleeding and (?:drowsy|dizzy|pale)", r"severe(?:ly)? (?:burn|injur|bleed)",
        r"(?:serious|critical|bad)ly (?:hurt|injured|burn)", r"have burns", r"in labou?r\b", r"giving birth", r"lips are blue", r"ice cold", r"convuls", r"seizure", r"hypothermia", r"swallowed", r"drank (?:bleach|poison|detergent)",
        r"overdose", r"electrocuted", r"chest pain", r"(?:fell|fallen) from (?:the |a )?(?:roof|second|third|fourth|ladder|balcony|window)", r"(?:is|are) dying\b", r"life in danger"),
    _cue(C.INJURY, 3, "止まると命にかかわる器具",
        r"ventilator", r"(?:oxygen|respirator|breathing machine).{0,40}(?:almost (?:empty|out)|empty|runs? out|running out|stopped|does not work)"),
    _cue(C.INJURY, 2, "薬や治療",
        r"insulin", r"dialysis", r"oxygen", r"(?:no|need|out of|without|lost|ran out of) (?:my |his |her |our |the )?(?:heart |blood pressure )?(?:medicine|medication|pills|prescription)", r"asthma", r"allerg", r"diabet"),
    _cue(C.INJURY, 2, "けが・体調",
        r"injur", r"casualt", r"(?:found|people|persons?|man|woman|child|\d+|feared|confirmed|reported) dead\b", r"dead (?:body|bodies|people|person|man|woman|child)", r"died\b", r"deaths?\b", r"kill(?:ed|s)\b", r"fatal", r"hurt\b", r"wound", r"bleed", r"blood\b", r"burns? on", r"broke(?:n)? (?:her|his|my|a|the) " + BODY + r"", r"fractur", r"sprain", rf"cut on (?:her|his|my|the) {BODY}", r"fever\b", r"vomit", r"throwing up", r"dizzy",
        r"faint", r"heat ?stroke", r"\bsick\b", r"\bill\b", r"in pain", r"ambulance", r"doctor\b", r"can not (?:stand|walk)\b", r"pregnant", r"slipped on", rf"{WHO} (?:has )?(?:fell|fallen) (?:down|from|off|on)\b", r"hit (?:by|an old|a man|a woman|a child)", r"doctor", r"burned (?:her|his|my)"),
    _cue(C.FIRE, 3, "火が出ている",
        r"(?:house|home|building|car|shop|store|roof|kitchen|apartment|room|school|factory|temple|forest|mountain|hill|garage|truck|bus|train) (?:is |are )?(?:on fire|burning|in flames)", r"on fire\b", r"fire in (?:the|my|our|a)\b", r"fire broke out", r"there is (?:a )?fire",
        r"flames?\b", r"black smoke", r"smoke (?:is )?(?:come|comes|coming|pouring|everywhere|and fire)", r"smoke (?:and flames|from the (?:roof|window|house|building|door))", r"explo(?:sion|ded|ding)", r"wild ?fire", r"fire,? fire", r"^fire\b(?! drill)", r"fire next (?:door|house)", r"burning (?:house|building|car|down)",
        r"(?:forest|mountain|hill|house|building).{0,30}(?:is|are) burning"),
    _cue(C.FIRE, 2, "火の疑い",
        r"smells? (?:of )?(?:something )?(?:burning|smoke)", r"smell (?:smoke|burning)", r"sparks?\b", r"fire alarm", r"smoulder"),
    _cue(C.FIRE, 1, "火事の知らせ",
        r"fire on our", r"the fire (?:was|is|has been) (?:put )?out", r"smoke\b"),
    _cue(C.FLOOD, 3, "人や家に迫る水",
        r"tsunami (?:is )?(?:coming|here|hit)", r"(?:levee|dike|embankment|river bank|dam) (?:has |is |was )?(?:broke|broken|collapsed|breached|burst)", r"(?:first|ground) floor (?:is )?(?:completely )?under ?water", r"water (?:is )?rising (?:fast|quickly)",
        r"water (?:is )?(?:still )?rising.{0,20}(?:inside|house|floor|stairs)", r"swept away"),
    _cue(C.FLOOD, 2, "浸水・氾濫",
        r"flood(?!ed with (?:e-?mails?|messages|work|requests|tears))", r"under ?water\b", r"water (?:is |has |have |was )?(?:come|comes|came|coming|leak|leaks|leaking|pour|pours|pouring|enter|enters|entering|entered|flowing|rising|running|up to|over|in|inside|reach)",
        r"overflow", r"full of water", r"(?:sewage|drain|manhole).{0,20}(?:com|overflow|up|out)", r"water out of", r"burst its banks", r"over the bank", r"submerge", r"inundat", r"(?:knee|ankle)s?[ -](?:deep|high)", r"up to the knees?"),
    _cue(C.FLOOD, 1, "川や水の様子",
        r"(?:river|creek|stream|canal) (?:is |looks |has )?", r"water level", r"high waves?", r"tsunami", r"heavy rain", r"water has gone down", r"storm surge", r"dam\b", r"levee"),
    _cue(C.LANDSLIDE, 3, "土砂に巻き込まれる",
        r"(?:mud ?slide|land ?slide|debris|mud|rocks?|cliff|slope|hill|mountain).{0,24}(?:hit|buried|on|into|swallowed|crushed).{0,12}(?:house|home|car|family|people|village)", r"rocks? (?:are |is )?(?:flying|falling near|falling on)", r"eruption", r"erupted", r"lava"),
    _cue(C.LANDSLIDE, 2, "崩れ・前ぶれ",
        r"land ?slid", r"mud ?sl", r"rock ?fall", r"(?:stones?|rocks?|gravel|mud) (?:are |is |keep |have )?(?:rolling|falling|coming|fell|slid)", r"(?:slope|cliff|hillside|hill|retaining wall|embankment) .{0,24}(?:collaps|crack|slid|gave way|moving|crumbl|sound)",
        r"cracks? in the (?:ground|slope|garden|earth)", r"long crack", r"wet soil", r"smell (?:of )?(?:wet )?(?:soil|earth)", r"with mud", r"ash (?:is )?fall", r"liquefaction", r"sulph?ur", r"volcanic", r"gave way", r"sinkhole"),
    _cue(C.LANDSLIDE, 1, "山の様子",
        r"volcano", r"crater"),
    _cue(C.BUILDING, 2, "建物の大きな被害",
        r"(?:house|home|building|roof|wall|ceiling|shed|carport|garage|fence|chimney|balcony|shop|school|temple|scaffolding|sign(?: ?board)?|billboard)(?:s)? .{0,24}(?:collaps|fell|fallen|fall|falling|lean|came down|come down|blew|blown|broke|break|destroyed|damaged|torn|hanging|tilt|crack)",
        r"collapsed (?:house|building|wall)", r"(?:houses|homes|buildings|properties) (?:are |were |have been )?(?:damaged|destroyed|collapsed|gone)", r"destroy", r"(?:severe|heavy|major|structural|extensive) damage", r"rubble", r"ruins\b", r"(?:half of |part of )?(?:my|our|the) roof\b.{0,20}(?:gone|off|away|flying)", r"took (?:half|part|all) of (?:my|our|the) roof", r"tiles? (?:are |is )?(?:flying|falling|fell|off)", r"block wall", r"afraid to go (?:back )?(?:inside|in)", r"ceiling came down", r"windows? .{0,30}(?:broken|smashed)", r"glass (?:covers|everywhere)"),
    _cue(C.BUILDING, 1, "建物の被害",
        r"cracks? in the (?:wall|ceiling)", r"(?:window|glass|dishes) (?:is |are |was )?broke", r"certificate that my house", r"(?:is|are) (?:it|my house) safe", r"leak(?:s|ing)? from the (?:roof|ceiling)", r"wall break"),
    _cue(C.ROAD, 2, "通れない道",
        r"(?:road|street|highway|bridge|route|path|lane|sidewalk|pavement|underpass|tunnel)s? .{0,30}(?:block|clos|collaps|cave|sink|sinking|crack|broken|damaged|washed|gone|impassable|covered|under water|full of water|flooded|shak|not pass|hole)",
        r"(?:block|blocks|blocked|blocking|across|over) (?:the|our|both|a) (?:road|street|lanes?|highway|way)\b", r"trees? (?:is |are |has |have )?(?:fell|fallen|down|across|blown|uprooted)", r"fallen (?:tree|pole|utility pole)", r"(?:utility |electric |power )?pole (?:is |has )?(?:fell|fallen|lean|lying|down)",
        r"traffic (?:lights?|signals?)", r"signals? (?:are |is )?(?:out|dead|off)", r"nobody can pass", r"can not (?:pass|drive|cross|go car)", r"can not go (?:by )?car", r"cars? (?:are |is )?(?:stuck|stopped|turning)", r"(?:big |deep )?hole (?:opened |in the |in )", r"manhole", r"bridge", r"derail", r"car accident", r"traffic accident"),
    _cue(C.ROAD, 1, "交通の様子",
        r"trains?\b(?! (?:of|for a))", r"bus(?:es)?\b", r"ferry", r"flights?\b", r"ship (?:leave|is|will)", r"boats? (?:is|are) (?:cancel|stopped)", r"traffic\b", r"which roads", r"road to\b", r"route \d+", r"(?:icy|slippery|like ice)", r"cleared of snow", r"expressway", r"walk home", r"platform\b"),
    _cue(C.LIFELINE, 3, "ガス漏れ",
        r"gas (?:leak|smell)", r"smell (?:of )?gas", r"smells? (?:like |of )?gas", r"leaking gas"),
    _cue(C.LIFELINE, 2, "電気・水道・ガス・電話の停止",
        r"(?:power|electricity|electric|lights?) (?:is |are |was |has been |has |have |went |gone )*(?:out|off|gone|down|cut|failed|no)\b", r"lights? (?:are |went )?(?:out|off) in", r"no (?:power|electric(?:ity)?|gas|water (?:from|in|since|at)|signal|internet|phone|running water|tap water)", r"power (?:cut|outage|failure)", r"black ?out", r"water (?:is )?(?:cut|stopped|off)\b",
        r"without (?:power|electricity|water|gas)", r"all dark", r"(?:internet|mobile|phone|wifi|cell|network) .{0,20}(?:down|not work|dead|out)", r"can not (?:make|call|phone)\b", r"pipe (?:has )?(?:burst|broke|leak)", r"water main", r"(?:electric|power|electrical) (?:wires?|lines?|cables?)", r"wires? (?:are |is )?hanging", r"heating does not", r"brown water", r"(?:tap|water) is (?:brown|dirty)", r"electric no", r"phone lines?"),
    _cue(C.LIFELINE, 1, "電気・水道などの様子",
        r"(?:power|electricity|water|gas|internet) (?:is |has |came |come |be )*(?:back|restored|return)", r"street ?lights?", r"loud ?speakers?", r"electricity", r"lights are off", r"power\b(?= (?:station|company))"),
    _cue(C.SHELTER, 2, "避難所が受け入れられない",
        r"(?:shelter|evacuation cent(?:er|re)|community hall|gym|hall|school).{0,20}(?:\bfull|locked|closed|not open|overcrowded|no (?:space|room)|send people away|sends? (?:us|people) away)", r"(?:sign says|says) full"),
    _cue(C.SHELTER, 1, "避難所・避難",
        r"shelter", r"evacuat", r"displaced", r"homeless after", r"left (?:my|our|their) homes?", r"community (?:hall|cent(?:er|re))", r"moved to the (?:gym|school|hall)", r"\bgym\b", r"where (?:do|should|can) (?:we|i|people|tourists).{0,24}\bgo\b", r"which school"),
    _cue(C.SUPPLIES, 2, "足りない物",
        r"(?:no|need|out of|without|lack of|not enough|run out of|running out of|ran out of|short of|send|little) (?:more |any |the |clean |baby |hot |portable |drinking |our )*(?:food|water and|water left|drinking water|milk|bread|formula|diapers?|nappies|blankets?|clothes|toilets?|toilet paper|fuel|kerosene|gasoline|petrol|medicine|sanitary|pads|batteries|supplies)",
        r"drinking water (?:left|here)", r"no water left", r"hungry", r"thirsty", r"formula", r"diapers?", r"blankets?", r"toilets? (?:do|does|are|is) not", r"toilets? (?:are|is) (?:full|blocked|broken)", r"no bread", r"food for (?:two|one|a) days?", r"no food"),
    _cue(C.SUPPLIES, 1, "物資",
        r"water truck", r"handed out", r"where can (?:i|we) get (?:drinking )?(?:water|food)", r"distribut", r"supplies", r"(?:drinking )?water (?:today|station)", r"rice and water"),
    _cue(C.MISSING, 3, "危ない行方不明",
        r"(?:child|boy|girl|son|daughter|kid|dementia).{0,40}(?:river|sea|ocean|flood).{0,20}(?:missing|disappeared|not back|gone)"),
    _cue(C.MISSING, 2, "連絡のとれない人",
        r"missing\b", r"can not (?:reach|find|contact|get (?:a )?hold)(?! (?:the |a |my |our )?(?:toilet|key|shelter|where|office|road|way))", r"can not find (?:her|him|them|my (?:son|daughter|wife|husband|mother|father|child))", r"lost contact", rf"{WHO} (?:has|have|did|does|is|do) not (?:come back|come home|returned?|answer(?:ed)?|picked up|pick up)\b", r"have not (?:come back|returned)", r"(?:not|never) (?:come|came) (?:home|back)",
        r"no answer", r"phone no", r"seen my", r"disappeared", r"whereabouts", r"looking for my", r"separated from", r"walked out of", r"not returned"),
    _cue(C.MISSING, 1, "無事の知らせ",
        r"(?:i|we) (?:am|are|is) (?:all )?(?:safe|ok|okay|fine|alright)", r"i'm (?:safe|ok|okay|fine)", r"we're (?:all )?(?:safe|ok|okay|fine)", r"my family is (?:safe|ok|fine)", r"(?:all|everyone|everybody) (?:of us )?(?:is |are |got out )?(?:safe|fine|ok|in time)", r"found (?:the|my|our|her|him)\b", r"all five of us are", r"stay with friends", r"house ok"),
)
# fmt: on
"""In the order of the label guide; the first of equal weight is the main category."""

CRY = CUES[0].pattern
"""Asks for help in so many words; also in the words of other languages and in Latin letters."""

QUESTION = re.compile(
    r"\?|^(?:where|when|what|which|who|how|why|is|are|can|could|do|does|did|will|would|should|may)\b"
    r"|\b(?:do you know|please tell me|tell me|i want to know|how (?:do|can|to)|where (?:is|can|do|are))\b"
)
DRILL = re.compile(
    r"\bdrill\b|\bthis is (?:only )?a (?:test|exercise)\b|\bexercise at\b|\btesting\b"
)
NOT_DRILL = re.compile(r"\b(?:not a drill|no drill)\b")
METAPHOR = re.compile(
    r"\b(?:drowning|buried|flooded|swamped|stuck|trapped) (?:in|with|under|by) (?:home ?work|work|e-?mails?|paperwork|"
    r"messages|love|tasks|thoughts|laundry|a meeting|meetings|traffic jam of)|cats and dogs|\b(?:song|album|track|outfit|party|food|beat|"
    r"movie|concert|show|playlist) (?:is|was) (?:so )?(?:fire|lit)|\bgot fired|\b(?:boss|mom|dad|teacher|wife|head|brain|phone|mind) .{0,20}"
    r"explode|burning my tongue|heart is (?:still )?(?:shaking|broken|burning|on fire)|\bkilled it\b|"
    r"\bdying (?:of laughter|to)\b"
)
LAUGHS = re.compile(
    r"\b(?:lol|lmao|haha\w*|netflix|movie night|concert|godzilla)\b|\bbest .{0,20} of my life|ruined my"
)
"""Chatter, unless somebody calls for help."""
PAST = re.compile(
    r"\b(?:in|since|of) (?:19\d\d|20[01]\d|202[0-4])\b|\b\d+ years ago\b|\blast year\b|\bwhen i was (?:a child|young|little)\b"
    r"|\b(?:my )?grand(?:father|mother|pa|ma) (?:always|used to)\b"
)
PAST_TOLD = re.compile(r"\b(?:was|were|had|remember|talked|told|used to|happened)\b")
THANKS = re.compile(r"\bthank|\bthanks\b|\bthx\b|\bappreciate")
SETTLED = re.compile(
    r"\b(?:power|electricity|water|gas|internet|lights?|signal|phone)s? (?:is|are|has|have|came|come|was|were)?(?: been)? ?(?:back|restored|working again|on again)\b"
    r"|\bre-?opened\b|\bopen again\b|\bback (?:on|now)\b|\bput out\b|\bextinguished\b|\bgone down\b|\brunning again\b|\brescued (?:now|already)\b"
    r"|\b(?:was|were|has been|have been|is|are) (?:repaired|fixed|cleared|lifted|found|rescued)\b|\bfound (?:the (?:boy|girl|man|woman)|him|her|them)\b|\bno longer\b"
)
NOT_SETTLED = re.compile(
    r"\b(?:when|until|not|still|hope|will|please)\b.{0,40}\b(?:back|restored|repaired|fixed|cleared|reopen|come back)\b|\bnot (?:yet|back)\b"
)
DENIED = re.compile(
    r"\b(?:nobody|no one|no-one|none of us) (?:is|was|has been|are|were|got)?(?: yet)? ?(?:hurt|injured|missing|trapped)(?: so far| yet)?"
    r"|\bno (?:one|body) hurt\b|\bno (?:injuries|damage|fire|flood(?:ing)?|casualties)\b|\bnot (?:hurt|injured|flooding|flooded|over the bank|on fire)\b"
)
TOPICS = re.compile(
    r"\b(?:lion|tiger|bear|crocodile|monkey|snake|animal|prisoner|inmate)s? (?:have |has )?(?:escaped|broke out|on the loose)|\bpoison|\bfake police|"
    r"\b(?:thieves|looters|robbers|gangs?)\b|\bbigger (?:earthquake|quake)|\bpredict|\bgovernment hides|\bdam (?:broke|has broken|burst|collapsed)|"
    r"\bblown up\b|\bradiation|\bnuclear|\bon purpose"
)
HEARSAY = re.compile(
    r"\b(?:they say|people say|i heard|heard that|rumou?r|someone said|somebody (?:said|posted|put)|saw (?:it )?on|on (?:facebook|twitter|x|tiktok|instagram|line)|"
    r"my (?:cousin|friend|uncle)(?:'s)?|breaking|posted)\b"
)
ASKS_IF_TRUE = re.compile(
    r"\bis (?:it|that|this) (?:true|real)\b|\breally true\b|\b(?:true or|or fake)\b"
)
COPIED = re.compile(
    r"\bretweet|\bplease (?:share|rt|forward)|\bshare this|\bpass it on|\bforward to|\bspread the word|\brt!"
)
CORRECTS = re.compile(
    r"\brumou?r .{0,30}(?:is |are )?(?:false|not true|fake)|\b(?:false|fake) (?:rumou?r|news)|\bi (?:just )?(?:called|checked|asked)\b.{0,30}(?:not|false|fine)"
)
ORDINARY = re.compile(
    r"\btax(?:es)?\b|\bgarbage\b|\btrash\b|\bresidence (?:card|certificate)|\bcopy of my|\blibrary\b|\bregister my|\bnursery\b|\bkindergarten|\bpassport\b|\bpension\b|"
    r"\binsurance\b|\bchange (?:of |my )?address|\bvaccin|\bopening hours|\bmy number\b|\bmarriage|\bteach me\b|\bjapanese (?:class|lesson)"
)
