"""Words of letters and notes in English, Korean and Japanese.

The formulas are those of diplomatic and official correspondence in general; the texts
of the real notes of 2019 and 2023 are not public, and nothing here is taken from them.
Slots: `us`, `them` (states), `our`, `their` (offices), `treaty`, `article`, `about` (the
instruments the letter speaks of, described).
"""

from __future__ import annotations

from gsomia.agreement.instruments import Kind

LANGUAGES = ("en", "ko", "ja")

KINDS: dict[Kind, dict[str, str]] = {
    Kind.NOTICE_OF_TERMINATION: {
        "en": "the notice of termination",
        "ko": "협정 종료 통보",
        "ja": "協定終了の通告",
    },
    Kind.SUSPENSION_OF_NOTICE: {
        "en": "the suspension of the notice of termination",
        "ko": "협정 종료 통보의 효력 정지",
        "ja": "協定終了の通告の効力停止",
    },
    Kind.WITHDRAWAL: {"en": "the withdrawal", "ko": "철회", "ja": "撤回"},
}
"""How a letter names another instrument, without its date."""

OTHER = {"en": "the instrument", "ko": "문서", "ja": "文書"}
OF_DAY = {"en": "{what} of {day}", "ko": "{day}자 {what}", "ja": "{day}付け{what}"}
AND = {"en": " and ", "ko": " 및 ", "ja": "及び"}
STATE_OFFICE = {"en": "{office} of {state}", "ko": "{state} {office}", "ja": "{state}{office}"}

TITLES: dict[Kind, dict[str, str]] = {
    Kind.NOTIFICATION_OF_REQUIREMENTS: {
        "en": "Notification that the requirements for entry into force are met",
        "ko": "협정 발효를 위한 국내 절차 완료 통보",
        "ja": "協定の効力発生に必要な国内手続の完了の通告",
    },
    Kind.NOTICE_OF_TERMINATION: {
        "en": "Notice of termination",
        "ko": "협정 종료 통보",
        "ja": "協定終了の通告",
    },
    Kind.SUSPENSION_OF_NOTICE: {
        "en": "Suspension of the effect of a notice of termination",
        "ko": "협정 종료 통보의 효력 정지",
        "ja": "協定終了の通告の効力停止",
    },
    Kind.WITHDRAWAL: {
        "en": "Withdrawal of {about}",
        "ko": "{about}의 철회",
        "ja": "{about}の撤回",
    },
}
"""Titles of notes; a request has the title of what it asks for, in `REQUEST`."""

REQUEST = {"en": "Request: {title}", "ko": "{title} 요청", "ja": "{title}についての依頼"}

OPENING = {
    "en": (
        "The {our} presents its compliments to the {their} and, with reference to the {treaty} "
        "(hereinafter “the Agreement”), has the honour to inform it of the following."
    ),
    "ko": (
        "{our:은} {their}에 경의를 표하며, {treaty}(이하 “협정”)에 관하여 다음과 같이 "
        "통보하는 영광을 가진다."
    ),
    "ja": (
        "{our}は、{their}に敬意を表するとともに、{treaty}(以下「協定」という。)に関し、"
        "次のとおり通報する光栄を有する。"
    ),
}

BODIES: dict[Kind, dict[str, str]] = {
    Kind.NOTIFICATION_OF_REQUIREMENTS: {
        "en": (
            "The legal requirements of {us} for the entry into force of the Agreement under "
            "{article} have been met."
        ),
        "ko": "협정 {article}에 따른 협정 발효에 필요한 {us}의 법적 요건이 충족되었다.",
        "ja": "協定{article}に基づく効力発生に必要な{us}の法的要件は、満たされた。",
    },
    Kind.NOTICE_OF_TERMINATION: {
        "en": (
            "In accordance with {article} of the Agreement, the Government of {us} gives written "
            "notice of its intention to terminate the Agreement."
        ),
        "ko": "{us} 정부는 협정 {article}에 따라 협정을 종료하려는 의사를 서면으로 통보한다.",
        "ja": "{us}政府は、協定{article}に従い、協定を終了させる意思を書面により通告する。",
    },
    Kind.SUSPENSION_OF_NOTICE: {
        "en": "The Government of {us} suspends the effect of {about}.",
        "ko": "{us} 정부는 {about}의 효력을 정지한다.",
        "ja": "{us}政府は、{about}の効力を停止する。",
    },
    Kind.WITHDRAWAL: {
        "en": "The Government of {us} withdraws {about}.",
        "ko": "{us} 정부는 {about:을} 철회한다.",
        "ja": "{us}政府は、{about}を撤回する。",
    },
}

CLOSING = {
    "en": (
        "The {our} avails itself of this opportunity to renew to the {their} the assurances of "
        "its highest consideration."
    ),
    "ko": "{our:은} 이 기회에 {their}에 대하여 최고의 경의를 다시 한번 표한다.",
    "ja": "{our}は、この機会に、重ねて{their}に敬意を表する。",
}

ASKING: dict[Kind, dict[str, str]] = {
    Kind.NOTICE_OF_TERMINATION: {
        "en": "that notice be given to {them} of the intention to terminate the Agreement",
        "ko": "{them}에 협정을 종료하려는 의사를 통보하여",
        "ja": "{them}に対し協定を終了させる意思を通告",
    },
    Kind.SUSPENSION_OF_NOTICE: {
        "en": "that the effect of {about} be suspended by a note to {them}",
        "ko": "{them}에 {about}의 효력 정지를 통보하여",
        "ja": "{them}に対し{about}の効力停止を通告",
    },
    Kind.WITHDRAWAL: {
        "en": "that {about} be withdrawn by a note to {them}",
        "ko": "{them}에 {about}의 철회를 통보하여",
        "ja": "{them}に対し{about}の撤回を通告",
    },
    Kind.NOTIFICATION_OF_REQUIREMENTS: {
        "en": "that {them} be notified that the requirements for entry into force are met",
        "ko": "{them}에 협정 발효에 필요한 법적 요건이 충족되었음을 통보하여",
        "ja": "{them}に対し協定の効力発生に必要な法的要件が満たされた旨を通告",
    },
}

LETTER: dict[str, tuple[str, ...]] = {
    "en": (
        "1. This letter concerns the {treaty} (“the Agreement”).",
        (
            "2. The {our} asks, as of the date of this letter, {asking}, through the diplomatic "
            "channel."
        ),
    ),
    "ko": (
        "1. 관련: {treaty}(이하 “협정”)",
        "2. 이 문서의 시행일을 기준으로, 외교 경로를 통하여 {asking} 주시기 바랍니다.  끝.",
    ),
    "ja": (
        "1 本件は、{treaty}(以下「協定」という。)に関するものである。",
        "2 ついては、本書の日付をもって、外交上の経路を通じて{asking}されるよう依頼する。",
    ),
}

PARTICLES = {"은": ("은", "는"), "을": ("을", "를")}
"""Korean particles: after a final consonant, and after a vowel."""
