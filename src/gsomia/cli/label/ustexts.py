"""The rules and notes of US marks in Korean and Japanese. Words of the marks themselves stay."""

from __future__ import annotations

US_RULES: dict[str, tuple[str, str]] = {
    "classification": (
        "미국 등급으로, 또는 // 와 다른 소유자의 등급으로 시작함.",
        "米国の区分、又は // と他の所有者の区分で始まる。",
    ),
    "spelled_out": (
        "배너에서는 등급과 표시를 줄이지 않고 적음.",
        "バナーでは区分と表示を略さず書く。",
    ),
    "portion_marks": ("부분 표시에는 부분용 약어를 씀.", "部分表示には部分用の略語を用いる。"),
    "restricted_not_us": (
        "RESTRICTED는 미국 등급이 아님.",
        "RESTRICTED は米国の区分ではない。",
    ),
    "separator": (
        "// 와 / 앞뒤에 빈칸이 없고, 목록은 ', ' 또는 빈칸 하나로 나눔.",
        "// と / の前後に空白がなく、列記は ', ' 又は空白一つで区切る。",
    ),
    "empty": (
        "빠진 범주나 값의 자리를 비워 두지 않음.",
        "欠けた区分や値の場所を空けない。",
    ),
    "unknown": ("모든 값은 등록부에 있어야 함.", "すべての値は登録簿にある。"),
    "one_category": (
        "두 // 사이의 값은 한 범주에 속함.",
        "二つの // の間の値は一つの種類に属する。",
    ),
    "category_order": (
        "범주는 SCI, SAP, AEA, FGI, 배포 통제, 비정보기관 통제의 순서로 한 번씩 적음.",
        "種類は SCI, SAP, AEA, FGI, 配布制限、情報機関以外の制限の順に一度ずつ書く。",
    ),
    "value_order": (
        "값은 등록부의 순서로 한 번씩 적음.",
        "値は登録簿の順に一度ずつ書く。",
    ),
    "category_here": (
        "다른 소유자의 표시에는 그 소유자의 사업과 배포 통제만 적음.",
        "他の所有者の表示には、その計画と配布制限のみを書く。",
    ),
    "eyes_only": (
        "EYES ONLY는 2017년 10월 1일에 폐지됨.",
        "EYES ONLY は2017年10月1日に廃止された。",
    ),
    "code_known": (
        "국가나 기구는 목록에 있는 부호로 적음.",
        "国や機関は一覧にある符号で書く。",
    ),
    "code_order": (
        "부호는 알파벳순으로, 세 글자를 네 글자보다 먼저, 한 번씩 적음.",
        "符号はアルファベット順に、三文字を四文字より先に、一度ずつ書く。",
    ),
    "owner_foreign": (
        "// 와 한 소유자는 다른 나라의 표시이며 미국의 것이 아님.",
        "// と一つの所有者は他国の表示であり、米国のものではない。",
    ),
    "concealed_portion": (
        "//FGI 와 등급은 부분 표시이며 배너가 아님.",
        "//FGI と区分は部分表示であり、バナーではない。",
    ),
    "joint_usa": (
        "JOINT에는 미국과 하나 이상의 다른 소유자를 적음.",
        "JOINT には米国と一つ以上の他の所有者を書く。",
    ),
    "joint_list": (
        "JOINT에는 소유자를 적음. 배너와 같은 부분만 생략할 수 있음.",
        "JOINT には所有者を書く。バナーと同じ部分のみ省略できる。",
    ),
    "joint_level": (
        "JOINT는 RESTRICTED와 함께 쓰지 않음.",
        "JOINT は RESTRICTED と用いない。",
    ),
    "joint_release": (
        "JOINT에는 모든 소유자에 대한 REL TO가 필요함.",
        "JOINT にはすべての所有者への REL TO が必要である。",
    ),
    "joint_noforn": ("JOINT는 NOFORN과 함께 쓰지 않음.", "JOINT は NOFORN と用いない。"),
    "joint_hcs": ("JOINT는 HCS와 함께 쓰지 않음.", "JOINT は HCS と用いない。"),
    "nato_form": (
        "NATO의 표시는 COSMIC TOP SECRET과 NATO 뒤의 그 아래 등급임.",
        "NATO の表示は COSMIC TOP SECRET と、NATO に続くその下の区分である。",
    ),
    "nato_noforn": (
        "NATO의 정보에는 NOFORN을 적지 않음.",
        "NATO の情報に NOFORN を書かない。",
    ),
    "nato_program": (
        "BALK와 BOHEMIA는 COSMIC TOP SECRET에, ATOMAL은 NATO의 비밀 등급에만 씀.",
        "BALK と BOHEMIA は COSMIC TOP SECRET に、ATOMAL は NATO の秘密区分にのみ用いる。",
    ),
    "sci_level": (
        "HCS, RSV, TK는 SECRET 이상, SI는 CONFIDENTIAL 이상에 씀.",
        "HCS, RSV, TK は SECRET 以上、SI は CONFIDENTIAL 以上に用いる。",
    ),
    "hcs_compartment": (
        "HCS와 RSV에는 구획이 필요함.",
        "HCS と RSV には区画が必要である。",
    ),
    "sci_compartment": (
        "구획의 형식: HCS는 O와 P, RSV는 세 글자, SI는 두세 글자이며 ECI는 쓰지 않음.",
        "区画の形式: HCS は O と P, RSV は三文字、SI は二、三文字で ECI は用いない。",
    ),
    "top_secret_compartment": (
        "SI의 구획, TK-BLFH, HCS-P의 하위 구획은 TOP SECRET에만 씀.",
        "SI の区画、TK-BLFH, HCS-P の下位区画は TOP SECRET にのみ用いる。",
    ),
    "compartment_noforn": (
        "HCS-O, HCS-P, TK-BLFH, TK-IDIT, TK-KAND에는 NOFORN이 필요함.",
        "HCS-O, HCS-P, TK-BLFH, TK-IDIT, TK-KAND には NOFORN が必要である。",
    ),
    "compartment_orcon": (
        "HCS-O, HCS-P의 하위 구획, SI-G에는 ORCON-USGOV가 아닌 ORCON이 필요함.",
        "HCS-O, HCS-P の下位区画、SI-G には ORCON-USGOV でなく ORCON が必要である。",
    ),
    "sap_level": (
        "특별 접근 사업은 비밀 등급에만 씀.",
        "特別アクセス計画は秘密区分にのみ用いる。",
    ),
    "sap_portion": (
        "부분 표시에서는 사업을 두세 글자로 적음.",
        "部分表示では計画を二、三文字で書く。",
    ),
    "nuclear_level": (
        "RD, FRD, TFNI, ATOMAL은 비밀 등급에만 씀.",
        "RD, FRD, TFNI, ATOMAL は秘密区分にのみ用いる。",
    ),
    "nuclear_subset": (
        "CNWDI는 RD에, SIGMA는 RD나 FRD에 붙이며 SECRET 이상에만 씀.",
        "CNWDI は RD に、SIGMA は RD か FRD に付け、SECRET 以上にのみ用いる。",
    ),
    "nuclear_precedence": (
        "배너에서 RD는 FRD를, 이 둘은 TFNI를 대신함.",
        "バナーでは RD が FRD に、この二つが TFNI に代わる。",
    ),
    "ucni_unclassified": (
        "DOD UCNI와 DOE UCNI는 UNCLASSIFIED에만 씀.",
        "DOD UCNI と DOE UCNI は UNCLASSIFIED にのみ用いる。",
    ),
    "fgi_here": (
        "FGI는 미국과 JOINT의 표시에만 적음.",
        "FGI は米国と JOINT の表示にのみ書く。",
    ),
    "fgi_foreign": (
        "FGI에는 미국이 아닌 외국의 출처를 적음.",
        "FGI には米国でない外国の出所を書く。",
    ),
    "noforn_alone": (
        "NOFORN은 REL TO, RELIDO, DISPLAY ONLY와 함께 쓰지 않음.",
        "NOFORN は REL TO, RELIDO, DISPLAY ONLY と用いない。",
    ),
    "rel_usa_first": ("REL TO에는 USA를 먼저 적음.", "REL TO には USA を先に書く。"),
    "rel_more": (
        "REL TO에는 USA와 하나 이상의 부호를 더 적음.",
        "REL TO には USA と一つ以上の符号を書く。",
    ),
    "rel_banner": (
        "REL만 적으면 배너의 목록을 뜻하므로 그 배너가 필요함.",
        "REL のみはバナーの列記を指すので、そのバナーが必要である。",
    ),
    "relido_display": (
        "RELIDO는 DISPLAY ONLY와 함께 쓰지 않음.",
        "RELIDO は DISPLAY ONLY と用いない。",
    ),
    "relido_orcon": (
        "RELIDO는 ORCON, ORCON-USGOV와 함께 쓰지 않음.",
        "RELIDO は ORCON, ORCON-USGOV と用いない。",
    ),
    "orcon_once": (
        "ORCON은 ORCON-USGOV와 함께 쓰지 않음.",
        "ORCON は ORCON-USGOV と用いない。",
    ),
    "orcon_level": (
        "ORCON과 ORCON-USGOV는 CONFIDENTIAL 이상에 씀.",
        "ORCON と ORCON-USGOV は CONFIDENTIAL 以上に用いる。",
    ),
    "secret_control": (
        "RSEN과 IMCON은 SECRET 이상에 씀.",
        "RSEN と IMCON は SECRET 以上に用いる。",
    ),
    "fouo_unclassified": (
        "FOUO는 UNCLASSIFIED에만 씀.",
        "FOUO は UNCLASSIFIED にのみ用いる。",
    ),
    "fouo_banner": (
        "배너에서는 다른 통제가 FOUO를 대신함.",
        "バナーでは他の制限が FOUO に代わる。",
    ),
    "non_ic_unclassified": (
        "LIMDIS, SBU, SBU NOFORN은 UNCLASSIFIED에만 씀.",
        "LIMDIS, SBU, SBU NOFORN は UNCLASSIFIED にのみ用いる。",
    ),
    "exdis_nodis": ("EXDIS와 NODIS는 함께 쓰지 않음.", "EXDIS と NODIS は共に用いない。"),
    "distribution_noforn": (
        "EXDIS와 NODIS에는 NOFORN이 필요함.",
        "EXDIS と NODIS には NOFORN が必要である。",
    ),
    "non_ic_precedence": (
        "배너에서 SBU NOFORN, LES NOFORN, EXDIS, NODIS는 SBU와 LES를 대신함.",
        "バナーでは SBU NOFORN, LES NOFORN, EXDIS, NODIS が SBU と LES に代わる。",
    ),
    "les_noforn_banner": (
        "비밀 등급의 배너에서 LES NOFORN은 NOFORN과 LES로 적음.",
        "秘密区分のバナーでは LES NOFORN を NOFORN と LES に分けて書く。",
    ),
    "portions": (
        "배너는 하나 이상의 부분 표시로 만듦.",
        "バナーは一つ以上の部分表示から作る。",
    ),
    "restricted_highest": (
        "RESTRICTED에 해당하는 미국 등급이 없음: 사람이 결정함.",
        "RESTRICTED に当たる米国の区分はない。人が決める。",
    ),
    "nato_program_banner": (
        "BALK와 BOHEMIA를 미국 배너의 어디에 적는지 확인하지 못함: 사람이 결정함.",
        "BALK と BOHEMIA を米国のバナーのどこに書くかは未確認である。人が決める。",
    ),
    "release_said": (
        "넘어가는 표시는 REL TO로 수령국을 밝혀야 함.",
        "渡す表示は REL TO で受領国を示す。",
    ),
    "group_known": (
        "제공 목록에 있는 기구의 구성국을 알아야 함.",
        "提供先の列記にある機関の構成国が分かっている。",
    ),
    "crosses_classified": (
        "비밀 등급의 미국 정보만 넘어감.",
        "秘密区分の米国の情報のみを渡す。",
    ),
    "crosses_owner": (
        "JOINT와 다른 나라의 표시는 그 소유자가 밝힘: 사람이 입력함.",
        "JOINT と他国の表示はその所有者が示す。人が入力する。",
    ),
    "crosses_controls": (
        "SCI, SAP, AEA, 비정보기관 통제에는 합의된 대응 표시가 없음.",
        "SCI, SAP, AEA, 情報機関以外の制限には合意された対応表示がない。",
    ),
    "crosses_sources": (
        "외국 출처마다 발행된 그대로의 표시를 알아야 하며, 숨긴 출처가 없어야 함.",
        "外国の出所ごとに発行されたままの表示が分かり、秘匿した出所がない。",
    ),
    "crosses_receiver": (
        "받은 정보에는 생산자의 표시가 그대로 있음.",
        "受領した情報には作成者の表示がそのままある。",
    ),
    "crosses_caveats": (
        "모든 취급 제한은 등록부의 표시여야 함.",
        "すべての取扱制限は登録簿の表示である。",
    ),
}
"""By rule: Korean, Japanese. The English words are the rule's own."""

US_NOTES: dict[str, tuple[str, str]] = {
    "fgi": (
        "제공 목록에 없으면 되돌려 주거나 다시 제공할 때 동의가 필요함.",
        "提供先の列記になければ、返すにも再び提供するにも同意が必要である。",
    ),
    "fgi_concealed": (
        "출처를 밝히거나 짐작하게 해서는 안 됨.",
        "出所を示し、又は推測させてはならない。",
    ),
    "joint": (
        "다시 제공하려면 모든 소유자의 동의가 필요함.",
        "再び提供するにはすべての所有者の同意が必要である。",
    ),
    "foreign": (
        "소유자의 규칙과 동의에 따름.",
        "所有者の規則と同意による。",
    ),
    "rel_to": (
        "목록에 없는 나라에는 NOFORN이며, 다시 제공하려면 생산자의 허가가 필요함.",
        "列記にない国には NOFORN であり、再び提供するには作成者の許可が必要である。",
    ),
    "nothing_said": (
        "제공에 관한 표시가 없음: 생산자가 결정할 때까지 제공하지 않음.",
        "提供に関する表示がない。作成者が決めるまで提供しない。",
    ),
    "relido": ("제공은 공개 담당관이 결정함.", "提供は開示担当者が決める。"),
    "display_only": (
        "보여 줄 수 있으나 사본을 남기지 않음.",
        "見せることはできるが、写しを残さない。",
    ),
    "orcon": (
        "다시 제공하거나 사용하려면 생산자의 동의가 필요함.",
        "再び提供し、又は用いるには作成者の同意が必要である。",
    ),
    "atomic": (
        "원자력법에 따른 협정이 없으면 RD와 FRD는 NOFORN임.",
        "原子力法による協定がなければ RD と FRD は NOFORN である。",
    ),
    "unpublished": (
        "공표된 구획이 아님.",
        "公表された区画ではない。",
    ),
    "unread_group": (
        "여기에 적힌 기구의 구성국은 확인하지 못함.",
        "ここに書かれた機関の構成国は未確認である。",
    ),
    "program_unread": (
        "NATO 사업에 관한 NATO의 규칙은 확인하지 못함.",
        "NATO の計画に関する NATO の規則は未確認である。",
    ),
}
"""By note: Korean, Japanese. The English words are the note's own."""

PLACES: dict[str, tuple[str, str, str]] = {
    "no_rule": ("{text}: no rule broken", "{text}: 어긴 규칙 없음", "{text}: 違反なし"),
    "broken": (
        "refused: rules broken: {count} (by the IC Markings System Manual, 31 December 2016)",
        "거부됨: 어긴 규칙 {count}개 (IC Markings System Manual, 2016년 12월 31일)",
        "拒否: 違反 {count}件 (IC Markings System Manual, 2016年12月31日)",
    ),
    "line": (
        "  - {where}: {text} ({source})",
        "  - {where}: {text} ({source})",
        "  - {where}: {text}({source})",
    ),
    "note": ("  {text} ({source})", "  {text} ({source})", "  {text}({source})"),
    "unread": (
        "[not read in the manual]",
        "[교범에서 확인하지 못함]",
        "[教範で未確認]",
    ),
    "classification": ("classification", "등급", "区分"),
    "owners": ("owners", "소유자", "所有者"),
    "concealed": ("concealed", "숨김", "秘匿"),
    "program": ("NATO program", "NATO 사업", "NATO の計画"),
    "SCI": ("SCI", "SCI 통제 체계", "SCI 管理体系"),
    "SAP": ("special access programs", "특별 접근 사업", "特別アクセス計画"),
    "AEA": ("Atomic Energy Act", "원자력법 표시", "原子力法の表示"),
    "FGI": ("foreign sources (FGI)", "외국 출처(FGI)", "外国の出所(FGI)"),
    "dissemination": ("dissemination", "배포 통제", "配布制限"),
    "release_to": ("release to", "제공 대상", "提供先"),
    "display_to": ("display to", "열람 대상", "閲覧先"),
    "non-IC": ("non-IC dissemination", "비정보기관 통제", "情報機関以外の制限"),
    "portions": ("portions", "부분 표시", "部分表示"),
    "part": ("part", "항목", "部"),
    "value": ("value", "값", "値"),
    "code": ("code", "부호", "符号"),
    "portion": ("portion", "부분", "部分"),
    "after the classification": ("after the classification", "등급 다음", "区分の後"),
}
"""What the commands say, and the places of a mark: English, Korean, Japanese."""


def us_text(lang: str, key: str, **values: object) -> str:
    """A text of `PLACES`, with its values filled in."""
    return PLACES[key][("en", "ko", "ja").index(lang)].format(**values)


def rule_text(lang: str, rule: str, english: str) -> str:
    """What a rule says."""
    return english if lang == "en" else US_RULES[rule][lang == "ja"]


def note_text(lang: str, note: str, english: str) -> str:
    """What a note says."""
    return english if lang == "en" else US_NOTES[note][lang == "ja"]


def place_text(lang: str, where: str) -> str:
    """Where in a mark, as `part 2, value 1` or the name of a category."""
    said = []
    for piece in where.split(", "):
        name, _, number = piece.rpartition(" ")
        if number.isdigit():
            said.append(f"{us_text(lang, name)} {number}")
        else:
            said.append(us_text(lang, piece))
    return ", ".join(said)
