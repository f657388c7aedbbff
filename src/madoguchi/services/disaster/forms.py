"""What staff can enter about a case."""

from django import forms

from madoguchi.kernel.cases.data import OPEN_STATES, STATE_WORDS, CaseFilter, State
from madoguchi.services.disaster.data import Category, NoticeLevel
from madoguchi.services.disaster.models import NOTICE_LENGTH
from madoguchi.services.disaster.words import CATEGORY_NAMES, NOTICE_LEVELS, URGENCY_NAMES


def _moment() -> forms.DateTimeInput:
    """The browser's own choice of a day and a time."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class PlaceForm(forms.Form):
    """A corrected place: words, or a pin."""

    where = forms.CharField(label="住所・建物・駅など", required=False, max_length=200)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        """One of the two is needed."""
        data = super().clean() or {}
        if not data.get("where") and data.get("lat") is None:
            raise forms.ValidationError("住所や建物の名前を入れるか、地図で場所を選んでください。")
        return data


class JudgeForm(forms.Form):
    """Corrected urgency, categories and doubt."""

    urgency = forms.TypedChoiceField(
        label="緊急度", coerce=int, choices=list(URGENCY_NAMES.items())
    )
    categories = forms.MultipleChoiceField(
        label="種類",
        choices=[(c.value, CATEGORY_NAMES[c]) for c in Category],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "種類を1つ以上選んでください。"},
    )
    doubtful = forms.BooleanField(label="真偽を確認する必要がある", required=False)


class CheckForm(forms.Form):
    """What staff says is right of one message, before the machine's answer is shown."""

    urgency = forms.TypedChoiceField(
        label="緊急度",
        coerce=int,
        choices=list(URGENCY_NAMES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "緊急度を選んでください。"},
    )
    categories = forms.MultipleChoiceField(
        label="種類",
        choices=[(c.value, CATEGORY_NAMES[c]) for c in Category],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "種類を1つ以上選んでください。"},
    )
    where = forms.CharField(label="出来事の場所", required=False, max_length=200)


class DrillFileForm(forms.Form):
    """A CSV of drill messages with what is right of each."""

    file = forms.FileField(
        label="訓練の文のCSV",
        error_messages={
            "required": "CSVのファイルを選んでください。",
            "invalid": "CSVのファイルを選んでください。",
            "missing": "CSVのファイルを選んでください。",
            "empty": "ファイルが空です。文を書いたCSVを選んでください。",
        },
    )


class NoteForm(forms.Form):
    """Words that go into the history and, where it says so, to the sender."""

    note = forms.CharField(
        label="内容",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": "内容を書いてください。知らせた人に伝わります。",
            "max_length": "500文字までにしてください。",
        },
    )


class PhoneForm(forms.Form):
    """A telephone or counter memo written by staff."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="聞き取った内容",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "聞き取った内容を書いてください。"},
    )
    caller = forms.CharField(label="折り返しの電話番号（あれば）", required=False, max_length=40)


class NoticeForm(forms.Form):
    """A line for the residents' pages; the times are those of Japan."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="お知らせの文",
        max_length=NOTICE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": NOTICE_LENGTH}),
        error_messages={
            "required": "お知らせの文を書いてください。",
            "max_length": f"{NOTICE_LENGTH}文字までにしてください。いまは%(show_value)d文字です。",
        },
    )
    level = forms.TypedChoiceField(
        label="段階",
        coerce=lambda value: NoticeLevel(int(value)),
        choices=list(NOTICE_LEVELS.items()),
    )
    ends_at = forms.DateTimeField(
        label="いつまで出しますか",
        widget=_moment(),
        error_messages={
            "required": "いつまで出すかを選んでください。",
            "invalid": "日付と時刻を選んでください。例：2026-07-01 18:00",
        },
    )
    starts_at = forms.DateTimeField(
        label="いつから出しますか（空けておくと、今すぐ）",
        required=False,
        widget=_moment(),
        error_messages={"invalid": "日付と時刻を選んでください。例：2026-07-01 18:00"},
    )
    text_easy = forms.CharField(
        label="やさしい日本語の文（あれば）", required=False, max_length=NOTICE_LENGTH
    )
    text_en = forms.CharField(label="英語の文（あれば）", required=False, max_length=NOTICE_LENGTH)


class FilterForm(forms.Form):
    """What the list shows; anything unreadable narrows nothing."""

    q = forms.CharField(label="件名・場所・受付番号", required=False, max_length=100)
    state = forms.ChoiceField(
        label="状態",
        required=False,
        choices=[("", "対応が必要なもの"), ("all", "すべて")]
        + [(state.value, word) for state, word in STATE_WORDS.items()],
    )
    urgency = forms.TypedChoiceField(
        label="緊急度",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "すべて"), (3, "命の危険"), (2, "今日中に対応・命の危険")],
    )
    category = forms.ChoiceField(
        label="種類",
        required=False,
        choices=[("", "すべて")] + [(c.value, CATEGORY_NAMES[c]) for c in Category],
    )
    ask = forms.BooleanField(label="場所の返事待ち", required=False)
    mine = forms.BooleanField(label="自分の担当", required=False)

    def wanted(self, staff_id: int) -> CaseFilter:
        """The filter for the query."""
        self.is_valid()
        data = self.cleaned_data
        state = data.get("state") or ""
        if state == "all":
            states: tuple[State, ...] = ()
        else:
            states = (State(state),) if state else OPEN_STATES
        return CaseFilter(
            service="disaster",
            states=states,
            min_urgency=data.get("urgency") or 0,
            category=data.get("category") or "",
            assignee_id=staff_id if data.get("mine") else None,
            text=data.get("q") or "",
        )

    def asked_back(self) -> bool:
        """Whether only cases with an open question are wanted."""
        return bool(self.cleaned_data.get("ask"))
