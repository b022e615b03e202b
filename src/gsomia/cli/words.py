"""Texts for users, in English, Korean and Japanese. Marks are never among them."""

from __future__ import annotations

from gsomia.cli.basistexts import BASIS_LABELS, BASIS_WHO
from gsomia.cli.desklabels import DESK_LABELS
from gsomia.cli.faulttexts import fault_text
from gsomia.cli.label.bindingtexts import BINDING_LABELS
from gsomia.cli.label.mappingtexts import MAP_LABELS, MAP_WHO
from gsomia.cli.label.stamptexts import STAMP_LABELS
from gsomia.cli.label.stixtexts import STIX_LABELS
from gsomia.cli.label.texts import ACCESS, LABEL_GROUNDS, LABEL_WHO
from gsomia.cli.labels import LABELS
from gsomia.cli.packtexts import PACK_TEXTS
from gsomia.cli.picturelabels import PICTURE_LABELS
from gsomia.cli.ruletexts import ARTICLES, RULES, WHO
from gsomia.cli.valuetexts import FIELDS, VALUES

LANGS = ("en", "ko", "ja")

LABEL_TABLES = (
    LABELS,
    DESK_LABELS,
    PICTURE_LABELS,
    BASIS_LABELS,
    STIX_LABELS,
    MAP_LABELS,
    BINDING_LABELS,
    STAMP_LABELS,
)
"""Where a label is looked up; no two of them hold the same name."""

MESSAGES: dict[str, tuple[str, str, str]] = {
    "passphrase": ("Passphrase of your key", "본인 키의 암호문", "あなたの鍵のパスフレーズ"),
    "title": ("Title", "제목", "件名"),
    "yes": ("yes", "예", "はい"),
    "no": ("no", "아니요", "いいえ"),
    "nothing": ("nothing", "없음", "なし"),
    "more": (
        "{shown} of {total}; the next: --after '{after}'",
        "{total}건 중 {shown}건; 다음: --after '{after}'",
        "{total}件中{shown}件。続き: --after '{after}'",
    ),
    "done": ("{act}: done", "{act}: 완료", "{act}: 完了"),
    "refused": (
        "refused: {act}, {subject}",
        "거부됨: {act}, {subject}",
        "拒否: {act}、{subject}",
    ),
    "rule": (
        "{text} ({article}) Can decide: {who}.",
        "{text} ({article}) 결정할 수 있는 자: {who}.",
        "{text}({article})決定できる者: {who}。",
    ),
    "may_act": (
        "May do this: {roles}.",
        "이 행위를 할 수 있는 역할: {roles}.",
        "これを行える役割: {roles}。",
    ),
    "unverified": (
        "[rests on text that nobody here has read]",
        "[원문을 확인하지 못한 조문에 근거함]",
        "[原文を確認していない条文による]",
    ),
    "shipped_only": (
        "Counted: the instruments that ship. What this node's desk recorded: --recorded.",
        "함께 제공되는 문서만 계산함. 이 노드의 담당자가 기록한 문서까지: --recorded.",
        "同梱の文書だけを数えた。このノードの担当が記録した文書も含めるには--recorded。",
    ),
    "to_read": (
        "From the catalogue: to read and to compare, never a ground for a transfer.",
        "목록에 있는 내용임: 열람과 비교를 위한 것이며 제공의 근거가 되지 않음.",
        "目録の内容である。閲覧と比較のためのもので、提供の根拠にはならない。",
    ),
    "no_duty_to_send": (
        "No agreement obliges anybody to send: each release is decided on its own.",
        "어느 협정도 제공을 의무로 하지 않음: 제공은 건별로 결정함.",
        "どの協定も提供を義務づけない。提供はその都度決定する。",
    ),
    "catalogue_alone": (
        "Of some treaties above the catalogue alone tells; a node sends only under a pack.",
        "위 조약 중 일부는 목록에만 있음: 노드는 협정 팩에 따라서만 송부함.",
        "上の条約の一部は目録にのみある。ノードは協定パックに基づいてのみ送付する。",
    ),
    "looks_like": (
        "[looks like {value}, and is another]",
        "[{value}와(과) 비슷해 보이나 다른 것임]",
        "[{value}に似ているが、別のものである]",
    ),
    "whole_stopped": (
        "refused: no label for the whole; {text} ({source}) Can decide: {who}.",
        "거부됨: 전체에 라벨을 붙이지 않음; {text} ({source}) 결정할 수 있는 자: {who}.",
        "拒否: 全体にラベルを付さない。{text}({source})決定できる者: {who}。",
    ),
    "remark": ("(a remark)", "(참고 의견)", "(参考意見)"),
    "no_fault": ("{file}: no fault", "{file}: 잘못 없음", "{file}: 誤りなし"),
    "content_unexamined": (
        "Nobody looked for marks in the content: {why}. Look at it yourself.",
        "내용물의 표시를 검사하지 않음: {why}. 직접 확인할 것.",
        "内容の表示は検査していない: {why}。自ら確認すること。",
    ),
    "more_faults": (
        "{file}: and {count} more; --json has all of them",
        "{file}: 외 {count}건. 전체는 --json 참조",
        "{file}: ほか{count}件。すべては --json で",
    ),
    "no_provision": (
        "{rule}: no such provision; cited as registry practice. {reason}",
        "{rule}: 해당 규정이 없어 등록소 실무로 인용함. {reason}",
        "{rule}: 該当する規定がなく、登録所の実務として引用する。{reason}",
    ),
    "not_placed": (
        "{rule}: no article is stated",
        "{rule}: 조문이 제시되지 않음",
        "{rule}: 条文が示されていない",
    ),
    "if_nothing": (
        "By each reading, from the record as it stood, if nothing more happens.",
        "각 해석에 따라, 그 시점의 기록에서, 더 이상의 일이 없는 경우.",
        "各解釈により、その時点の記録から、これ以上何も起きない場合。",
    ),
    "out_of_order": (
        "Out of order: {what}",
        "순서에 어긋남: {what}",
        "順序の不整合: {what}",
    ),
    "next_step": (
        "Status: {status}. Next: {step}, by: {role}.",
        "지위: {status}. 다음 단계: {step}, 담당: {role}.",
        "地位: {status}。次の段階: {step}、担当: {role}。",
    ),
    "partners_step": (
        "Status: {status}. The other side is next: {step}, by: {role}.",
        "지위: {status}. 상대측 차례: {step}, 담당: {role}.",
        "地位: {status}。相手方の番: {step}、担当: {role}。",
    ),
    "normalised": (
        "Every step is taken. Status: {status}.",
        "모든 단계를 마쳤음. 지위: {status}.",
        "すべての段階を終えた。地位: {status}。",
    ),
    "same_again": (
        "Asked again on the state of then, under the same rules: the same answer.",
        "당시의 상태와 같은 규칙으로 다시 물음: 같은 답변.",
        "当時の状態と同じ規則で再び問う: 同じ回答。",
    ),
    "other_again": (
        "Asked again on the state of then, the rules of today ({rules}) answer otherwise.",
        "당시의 상태에 대하여 현재의 규칙({rules})은 달리 답변함.",
        "当時の状態に対し、現在の規則({rules})は異なる回答をする。",
    ),
    "fails_again": (
        "Asked again on the state of then: {error}",
        "당시의 상태로 다시 물음: {error}",
        "当時の状態で再び問う: {error}",
    ),
    "not_again": (
        "Nobody's signed command is kept with it: what was answered then is above.",
        "서명된 명령이 남아 있지 않음: 당시의 답변은 위와 같음.",
        "署名された命令は残っていない。当時の回答は上のとおり。",
    ),
    "contested": (
        (
            "The readings differ on the ground of this status; no reading is law, and disputes "
            "are for consultation between the parties."
        ),
        "이 지위의 근거에 대한 해석이 갈림. 어느 해석도 법이 아니며, 분쟁은 당사자 간 협의에 따름.",
        "この地位の根拠についての解釈が分かれる。どの解釈も法ではなく、紛争は締約国間の協議による。",
    ),
    "open_bounds": (
        (
            "{name}: its instant is known only as {earliest} to {latest}; "
            "the more cautious answer is given."
        ),
        "{name}: 시각은 {earliest}부터 {latest}까지로만 알려져 있음. 더 신중한 답을 제시함.",
        "{name}: その時刻は{earliest}から{latest}までとしか知られていない。より慎重な回答を示す。",
    ),
    "waiting": (
        "{name} has no effect yet: it refers to {mentions}, which is not on record.",
        "{name}은(는) 아직 효력이 없음: 기록되지 않은 {mentions}을(를) 가리킴.",
        "{name}にはまだ効力がない。記録にない{mentions}に言及している。",
    ),
    "warned": (
        "Note on {instrument}: {what}",
        "{instrument}에 관한 주의: {what}",
        "{instrument}についての注意：{what}",
    ),
    "of_reading": ("Reading {reading}: {note}", "해석 {reading}: {note}", "解釈{reading}: {note}"),
    "same_text": (
        "Both hold the same agreed text.",
        "양측의 합의 문안이 같음.",
        "双方の合意文は同じである。",
    ),
    "no_text_told": (
        "No partner has told the agreed text that it holds.",
        "상대측이 보유한 합의 문안을 알려 온 바 없음.",
        "相手方はその保有する合意文を知らせていない。",
    ),
    "not_recorded": (
        "Nothing was recorded.",
        "아무것도 기록하지 않았음.",
        "何も記録していない。",
    ),
    "bad_input": (
        "expected {expected}, got {got}",
        "필요한 것: {expected}, 받은 것: {got}",
        "必要なもの: {expected}、受け取ったもの: {got}",
    ),
    "proof_failed": (
        "a proof does not hold: {what}",
        "증명이 성립하지 않음: {what}",
        "証明が成り立たない: {what}",
    ),
    "unavailable": ("unavailable: {what}", "이용할 수 없음: {what}", "利用できない: {what}"),
    "running": (
        "{registry} is running in {node}; Ctrl-C ends it",
        "{registry} 실행 중: {node}; Ctrl-C로 종료",
        "{registry} は {node} で稼働中。Ctrl-C で終了",
    ),
    "stopped": ("stopped", "종료됨", "終了した"),
    "interrupted": ("interrupted", "중단됨", "中断した"),
    "demo_interrupted": (
        "interrupted; the demonstration's nodes have ended, and its folder will be made anew",
        "중단됨; 시연의 노드는 모두 종료됐고, 폴더는 다음 시연에서 새로 만들어짐",
        "中断した。実演のノードはすべて終了し、フォルダーは次の実演で作り直す",
    ),
    "fingerprint": (
        "fingerprint, to read out to the partner: {fingerprint}",
        "상대측에 읽어 줄 지문: {fingerprint}",
        "相手方に読み上げる指紋: {fingerprint}",
    ),
    "key_made": (
        "key made; hand its public statement to the security authority: gsomia officer show {file}",
        "키를 만들었음; 공개 진술서를 보안 당국에 제출: gsomia officer show {file}",
        "鍵を作成した。公開の陳述書を保全責任者に渡すこと: gsomia officer show {file}",
    ),
    "verified": (
        "all of it holds: {count} entries and statements checked",
        "모두 성립함: 기재와 진술 {count}건 확인",
        "すべて成り立つ: 記載と陳述 {count}件を確認",
    ),
    "not_verified": (
        "it does not hold: {problem}",
        "성립하지 않음: {problem}",
        "成り立たない: {problem}",
    ),
}
"""Sentences, by key, in the order of `LANGS`."""


class Words:
    """The texts of one language."""

    def __init__(self, lang: str = "en") -> None:
        self.lang = lang
        self._at = LANGS.index(lang)

    def __call__(self, key: str, **values: object) -> str:
        """A message with its values filled in."""
        return MESSAGES[key][self._at].format(**values)

    def label(self, name: str) -> str:
        """The label of a field, a state or a queue; the name itself where there is none."""
        found = next((t[name] for t in LABEL_TABLES if name in t), None)
        return found[self._at] if found else name

    def value(self, field: str, text: str) -> str:
        """What a field holds: a state, a kind or a role in the user's language, else as it is."""
        if field == "residual":
            return fault_text(self.lang, text)
        if self.lang == "en" or field not in FIELDS:
            return text
        found = VALUES.get(text)
        return self.label(text) if found is None else found[self._at - 1]

    def of_pack(self, text: str) -> str:
        """What a shipped pack says, in the user's language; what another says, as it is."""
        found = PACK_TEXTS.get(text)
        return text if self.lang == "en" or found is None else found[self._at - 1]

    def place(self, place: str, number: int | str) -> str:
        """A place in a file: a page, a part, a field."""
        return self.label(f"place_{place}").format(number=number)

    def flag(self, flag: bool | str) -> str:
        """How far a fact was verified: true, `part`, false, or `none`."""
        return self.label(f"flag_{str(flag).lower()}")

    def rule(self, name: str, text: str) -> str:
        """A rule's text; `text` is the rule's own, in English."""
        found = RULES.get(name) or ACCESS.get(name)
        return text if self.lang == "en" or found is None else found[self._at - 1]

    def who(self, who: str) -> str:
        """Who can decide."""
        tables = (WHO, BASIS_WHO, LABEL_WHO, MAP_WHO)
        found = next((table[who] for table in tables if who in table), None)
        return who if self.lang == "en" or found is None else found[self._at - 1]

    def fault(self, expected: str, got: str, where: str = "") -> str:
        """An input that is bad: where, what was expected, what came."""
        where, expected, got = (fault_text(self.lang, part) for part in (where, expected, got))
        return (f"{where}: " if where else "") + self("bad_input", expected=expected, got=got)

    def told(self, *parts: str) -> str:
        """What an error says in parts, as sentences."""
        stop = "。" if self.lang == "ja" else ". "
        return stop.join(fault_text(self.lang, part) for part in parts if part)

    def article(self, article: str) -> str:
        """An article's number, as a citation in this language."""
        if self.lang == "en":
            return article
        found = ARTICLES.get(article) or LABEL_GROUNDS.get(article)
        if found is not None:
            return found[self._at - 1]
        from gsomia.desk.letters import article_text

        return article_text(article, self.lang)
