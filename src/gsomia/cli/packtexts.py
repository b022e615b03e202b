"""What the shipped packs call their articles, papers and readings, in Korean and Japanese.

A pack is in the language of whoever wrote it, and those that ship are in English. These are
our words for it, no text of the treaty: a pack of somebody's own is shown as it is.
"""

from __future__ import annotations

from gsomia.cli.summarytexts import SUMMARY_TEXTS

PACK_TEXTS: dict[str, tuple[str, str]] = {
    # Articles.
    "Purpose": ("목적", "目的"),
    "Definitions": ("정의", "定義"),
    "National laws": ("국내 법령", "国内法令"),
    "National laws and regulations": ("국내 법령", "国内法令"),
    "Classification and marking": ("비밀 분류와 표시", "秘密指定及び表示"),
    "Supplementary arrangement": ("보충 약정", "補足取決め"),
    "Principles of protection": ("보호의 원칙", "保護の原則"),
    "Access by people": ("인원의 접근", "個人による取扱い"),
    "Visits": ("방문", "訪問"),
    "Transmission": ("송부", "送付"),
    "Security of facilities": ("시설의 보안", "施設の保安"),
    "Storage": ("보관", "保管"),
    "Security in transit": ("송부 중의 보안", "送付中の保安"),
    "Destruction": ("파기", "破壊"),
    "Reproduction": ("복제", "複製"),
    "Translation": ("번역", "翻訳"),
    "Contractors": ("계약자", "契約者"),
    "Loss or compromise": ("분실 또는 훼손", "紛失又は漏えい"),
    "Visits by security representatives": ("보안 대표의 방문", "保安に関する代表者の訪問"),
    "Expenses": ("비용", "費用"),
    "Disputes": ("분쟁", "紛争"),
    "Entry into force, duration, termination": (
        "발효, 유효기간, 종료",
        "効力発生、有効期間及び終了",
    ),
    "Entry into force, amendment, duration, termination": (
        "발효, 개정, 유효기간, 종료",
        "効力発生、改正、有効期間及び終了",
    ),
    # Readings.
    "A suspended notice stays, and may take effect at any time": (
        "효력이 정지된 통보는 남아 있으며 언제든지 효력을 낼 수 있음",
        "効力を停止された通告は残り、いつでも効力を生じ得る",
    ),
    "Only the final clause counts": ("최종 조항만이 기준임", "最終条項だけが基準である"),
    "A notice cannot be suspended": (
        "통보의 효력은 정지될 수 없음",
        "通告の効力は停止できない",
    ),
    "The text as it stands": ("문안 그대로", "文面のとおり"),
    "No later act could bring back an agreement that had ended; what both sides did since would "
    "have to be read as new consent.": (
        "종료된 협정은 이후의 행위로 되살아나지 않음. 그 뒤의 일은 새로운 동의로 보아야 함.",
        "終了した協定は後の行為で復活しない。その後に双方が行ったことは新たな同意と解するほかない。",
    ),
    # Instruments.
    "The defence ministers agree to pursue an agreement": (
        "국방장관들, 협정 추진에 합의",
        "国防相が協定の推進に合意",
    ),
    "First initialling, in Tokyo": ("첫 가서명, 도쿄", "最初の仮署名、東京"),
    "Initialled again after corrections": ("수정 후 다시 가서명", "修正後に再び仮署名"),
    "The draft is final": ("문안 확정", "案文の確定"),
    "The Korean cabinet approves the draft, unannounced; the vice-ministers' meeting was skipped": (
        "한국 국무회의, 발표 없이 문안 의결. 차관회의는 생략",
        "韓国の国務会議が公表せずに案文を議決。次官会議は省略",
    ),
    "The signature set for 16:00 is called off less than an hour before; nothing is signed": (
        "16시로 예정된 서명을 한 시간도 남기지 않고 취소. 서명된 것은 없음",
        "16時に予定された署名を一時間足らず前に取りやめ。署名されたものはない",
    ),
    "Three-way arrangement on nuclear and missile information, through the Department of Defense": (
        "핵·미사일 정보에 관한 3자 약정, 미국 국방부 경유",
        "核・ミサイル情報に関する三者間取決め、米国防省経由",
    ),
    "Seoul announces that talks resume": ("한국 정부, 협의 재개 발표", "韓国政府が協議再開を発表"),
    "First working round": ("제1차 실무 협의", "第1回実務協議"),
    "Second working round; main content agreed": (
        "제2차 실무 협의. 주요 내용 합의",
        "第2回実務協議。主要な内容で合意",
    ),
    "Initialled, while the Ministry of Government Legislation reviews the text": (
        "가서명. 법제처 심사 진행 중",
        "仮署名。法制処が案文を審査中",
    ),
    "The vice-ministers meet on the text": ("문안에 관한 차관회의", "案文に関する次官会議"),
    "The Korean cabinet approves, then the President": (
        "한국 국무회의 의결, 이어 대통령 재가",
        "韓国の国務会議が議決し、大統領が裁可",
    ),
    "Japan notifies that its legal requirements are met": (
        "일본, 국내법적 요건 충족을 통보",
        "日本が国内法上の要件の充足を通告",
    ),
    "Korea notifies that its legal requirements are met": (
        "한국, 국내법적 요건 충족을 통보",
        "韓国が国内法上の要件の充足を通告",
    ),
    "Signed in Seoul, at the defence ministry": (
        "서울 국방부에서 서명",
        "ソウルの国防部で署名",
    ),
    "First automatic extension": ("첫 자동 연장", "最初の自動延長"),
    "Second automatic extension": ("두 번째 자동 연장", "2回目の自動延長"),
    "The defence ministry says that it keeps the agreement for another year": (
        "국방부, 협정을 1년 더 유지한다고 발표",
        "国防部が協定をもう一年維持すると発表",
    ),
    "Seoul announces that it has decided to end the agreement and will notify in time": (
        "한국 정부, 협정 종료를 결정했으며 기한 안에 통보하겠다고 발표",
        "韓国政府が協定の終了を決定し、期限内に通告すると発表",
    ),
    "Notice of the intention to terminate, handed to Ambassador Nagamine by Vice Minister Cho "
    "Sei-young": (
        "종료 의사의 통보. 조세영 차관이 나가미네 대사에게 전달",
        "終了の意思の通告。趙世暎次官が長嶺大使に手交",
    ),
    "Last day for a notice, as the press of both sides reported": (
        "양국 언론이 보도한 통보 마지막 날",
        "双方の報道が伝えた通告の最終日",
    ),
    "Seoul announces that the effect of the notice is suspended, on the premise that it may end "
    "the agreement at any time": (
        "한국 정부, 언제든지 종료할 수 있다는 전제로 통보의 효력 정지를 발표",
        "韓国政府が、いつでも終了できることを前提に通告の効力停止を発表",
    ),
    "Note suspending the effect of the notice of 23 August": (
        "8월 23일자 통보의 효력을 정지하는 각서",
        "8月23日付けの通告の効力を停止する公文",
    ),
    "The moment at which the agreement would have ended": (
        "협정이 종료되었을 시점",
        "協定が終了していたはずの時点",
    ),
    "The agreement can be ended at any time; yearly extension no longer applies": (
        "협정은 언제든지 종료할 수 있고 1년 단위 연장은 적용되지 않는다는 발표",
        "協定はいつでも終了でき、一年ごとの延長は適用されないとの発表",
    ),
    "The day passes without a new notice; Japanese officials and press call the agreement "
    "renewed": (
        "새로운 통보 없이 기한이 지남. 일본 당국자와 언론은 협정이 연장되었다고 함",
        "新たな通告のないまま期日が過ぎる。日本の当局者と報道は協定が延長されたとする",
    ),
    "No new notice in 2021": ("2021년 새로운 통보 없음", "2021年、新たな通告なし"),
    "No new notice in 2022": ("2022년 새로운 통보 없음", "2022年、新たな通告なし"),
    "At the Tokyo summit the President says that full normalisation was declared": (
        "도쿄 정상회담에서 대통령이 완전한 정상화를 선언했다고 언급",
        "東京での首脳会談で大統領が完全な正常化を宣言したと述べる",
    ),
    "The defence ministry asks the foreign ministry to withdraw the notice and its suspension": (
        "국방부, 통보와 그 효력 정지의 철회를 외교부에 요청",
        "国防部が通告とその効力停止の撤回を外交部に依頼",
    ),
    "Both notes of 2019 are withdrawn": (
        "2019년의 두 공한을 모두 철회",
        "2019年の二つの公文をいずれも撤回",
    ),
    "Camp David summit of the three leaders": (
        "캠프 데이비드 3국 정상회의",
        "キャンプ・デービッド三か国首脳会議",
    ),
    "Sharing of missile warning data in real time is fully active": (
        "미사일 경보정보 실시간 공유의 전면 가동",
        "ミサイル警戒データの即時共有の全面運用",
    ),
    "Memorandum on the Trilateral Security Cooperation Framework, signed in Tokyo": (
        "한미일 안보협력 프레임워크 협력각서, 도쿄에서 서명",
        "日米韓安全保障協力枠組みに関する協力覚書、東京で署名",
    ),
    "Exercise, never given; legal requirements are met": (
        "연습용, 실제로 없었음: 국내법적 요건 충족",
        "演習用、実際にはない: 国内法上の要件の充足",
    ),
    **SUMMARY_TEXTS,
}
"""By the English of the packs."""
