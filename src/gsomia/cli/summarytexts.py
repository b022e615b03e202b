"""What articles and readings of the shipped packs say, in Korean and Japanese.

Our own summaries, as the packs have them in English: no text of the treaty.
"""

from __future__ import annotations

SUMMARY_TEXTS: dict[str, tuple[str, str]] = {
    # The agreement of 2016.
    "Protect classified military information on the terms of the agreement, as far as each "
    "side's own law allows. The aim is verified; the proviso on national law was read in the "
    "draft of 2012 only.": (
        (
            "각자의 국내법이 허용하는 범위에서 협정의 조건에 따라 군사비밀정보를 보호한다. "
            "목적은 확인됨; 국내법에 관한 단서는 2012년 초안에서만 읽음."
        ),
        (
            "各国の国内法が許す範囲で、協定の条件に従い秘密軍事情報を保護する。目的は確認済み。国"
            "内法に関する留保は2012年の案でのみ読んだ。"
        ),
    ),
    "Says what classified military information is, in whatever form it comes; that originating "
    "and receiving party are roles for each item; that each government names a competent "
    "authority through the diplomatic channel; and what a personnel security clearance is.": (
        (
            "군사비밀정보가 어떤 형태이든 무엇인지, 제공 당사자와 접수 당사자는 품목마다의 "
            "역할이라는 것, 각 정부가 외교 경로로 권한 있는 당국을 지정한다는 것, 인원 "
            "비밀취급인가가 무엇인지를 정한다."
        ),
        (
            "秘密軍事情報とはどのような形態であれ何か、提供国と受領国は物件ごとの役割であること、"
            "各政府が外交経路で権限のある当局を指定すること、秘密取扱資格とは何かを定める。"
        ),
    ),
    "Tell the other side about your protective law when asked, and about every change of it "
    "that touches protection.": (
        (
            "요청을 받으면 자국의 보호 법령을, 그리고 보호에 영향을 주는 모든 변경을 상대측에 "
            "알린다."
        ),
        "求められれば自国の保護法令を、また保護に影響するすべての変更を相手方に知らせる。",
    ),
    "Every item carries one of the listed national marks; the receiver adds the originator's "
    "name and its own corresponding mark, and marks what it makes from the item as well. How "
    "such derived material is worded is not verified.": (
        (
            "모든 품목에는 열거된 국가 표시가 붙는다. 접수측은 생산국 이름과 자국의 대응 표시를 "
            "더하고, 그 품목으로 만든 것에도 표시한다. 파생 자료의 문구는 확인되지 않음."
        ),
        (
            "すべての物件に列挙された国の表示を付す。受領国は作成国の名と自国の対応する表示を加え"
            "、その物件から作成したものにも表示する。派生資料の文言は未確認。"
        ),
    ),
    "The competent authorities may settle detailed procedures in an arrangement below the "
    "agreement.": (
        "권한 있는 당국은 협정 아래의 약정으로 세부 절차를 정할 수 있다.",
        "権限のある当局は、協定の下位の取決めで細目の手続を定めることができる。",
    ),
    "No release to a third country or its people without the originator's prior written "
    "approval; protection substantially equal to the originator's; use for the given purpose "
    "only; respect for private rights; a register of cleared and authorised people at each "
    "facility; procedures to identify, locate, count and control items; prompt written notice "
    "of a changed level; return or destruction when the need ends. The full list of "
    "third-country entities, and patents, are not verified.": (
        (
            "원제공자의 사전 서면 승인 없이 제3국이나 그 국민에게 제공하지 않는다. 원제공자와 "
            "실질적으로 동등하게 보호하고, 제공된 목적에만 쓰며, 사적 권리를 존중한다. 시설마다 "
            "인가·허가된 인원의 명부를 두고, 품목을 식별·소재 확인·계수·통제하는 절차를 두며, "
            "등급 변경을 서면으로 신속히 알리고, 필요가 끝나면 반환하거나 파기한다. 제3국 주체의 "
            "전체 목록과 특허는 확인되지 않음."
        ),
        (
            "原提供者の事前の書面による承認なく第三国又はその国民に提供しない。原提供者と実質的に"
            "同等に保護し、与えられた目的にのみ用い、私権を尊重する。施設ごとに資格を有し許可され"
            "た者の登録簿を置き、物件を識別し、所在を確かめ、数え、管理する手続を置き、区分の変更"
            "を書面で速やかに知らせ、必要がなくなれば返還又は破壊する。第三国の主体の全リストと特"
            "許は未確認。"
        ),
    ),
    "Rank, post or clearance alone opens nothing; access needs a duty and a clearance granted "
    "on all information available; before each release the receiver assures level, need and "
    "equal protection.": (
        (
            "계급·직위·인가만으로는 아무것도 열리지 않는다. 접근에는 직무와, 이용 가능한 모든 "
            "정보에 근거한 인가가 필요하다. 제공 전마다 접수측이 등급·필요·동등한 보호를 "
            "보장한다."
        ),
        (
            "階級、地位又は資格のみでは何も開かれない。取扱いには職務と、入手可能なすべての情報に"
            "基づく資格が必要である。提供の都度、受領国が区分、必要及び同等の保護を保証する。"
        ),
    ),
    "Only the party on whose territory a facility lies may permit a visit to it; it tells the "
    "facility the subject, the scope and the highest level that may be shown.": (
        (
            "시설이 있는 영역의 당사자만 그 방문을 허가할 수 있다. 그 당사자는 시설에 주제, "
            "범위, 보여 줄 수 있는 최고 등급을 알린다."
        ),
        (
            "施設の所在する領域の締約国のみがその訪問を許可できる。その締約国は施設に、主題、範囲"
            "及び示し得る最高の区分を知らせる。"
        ),
    ),
    "Items pass between the governments by their own channels, and once sent are in the "
    "receiver's custody and duty. The wording on channels is not verified.": (
        (
            "품목은 정부 간의 경로로 오가며, 보낸 뒤에는 접수측의 관리와 의무에 든다. 경로에 "
            "관한 문구는 확인되지 않음."
        ),
        (
            "物件は政府間の経路で送られ、送付後は受領国の管理と義務の下に置かれる。経路に関する文"
            "言は未確認。"
        ),
    ),
    "Each party answers for all its facilities that hold items, and names qualified people for "
    "their control. The second half was read for contractors only.": (
        (
            "각 당사자는 품목을 보유한 자국의 모든 시설을 책임지고, 통제할 자격 있는 인원을 "
            "지정한다. 뒷부분은 계약자에 대해서만 읽음."
        ),
        (
            "各締約国は物件を保有する自国のすべての施設に責任を負い、管理に当たる適格な者を指名す"
            "る。後半は契約者についてのみ読んだ。"
        ),
    ),
    "Store so that only people authorised under Arts. 7 and 16 can reach the items. That this "
    "article is the rule on storage is verified, its wording is not.": (
        (
            "제7조와 제16조에 따라 허가된 사람만 품목에 접근할 수 있도록 보관한다. 이 조문이 "
            "보관 규정이라는 것은 확인됨; 문구는 아님."
        ),
        (
            "第7条及び第16条に基づき許可された者のみが物件に接することができるように保管する。こ"
            "の条が保管の規定であることは確認済み。文言は未確認。"
        ),
    ),
    "Documents go in two sealed envelopes, the outer without a level, with a receipt that "
    "comes back; equipment goes covered, sealed and watched; electronic transmission is "
    "encrypted and its systems accredited. Only the two envelopes are verified.": (
        (
            "문서는 봉인한 두 겹 봉투로 보내고 바깥 봉투에는 등급을 적지 않으며 수령증이 "
            "돌아온다. 장비는 덮고 봉인하여 감시하며, 전자 송신은 암호화하고 체계를 승인받는다. "
            "두 겹 봉투만 확인됨."
        ),
        (
            "文書は封をした二重の封筒で送り、外側に区分を記さず、受領証が戻る。装備は覆い、封をし"
            "、監視する。電子的な送信は暗号化し、その系統は認定を受ける。二重の封筒のみ確認済み。"
        ),
    ),
    "Destroy documents, media and equipment so that they cannot be put together again. That "
    "the article covers all three is verified, the methods are not.": (
        (
            "문서·매체·장비를 다시 복원할 수 없도록 파기한다. 조문이 세 가지를 모두 다룬다는 "
            "것은 확인됨; 방법은 아님."
        ),
        (
            "文書、媒体及び装備を復元できないように破壊する。この条が三つすべてを対象とすることは"
            "確認済み。方法は未確認。"
        ),
    ),
    "Copies carry all marks of the original, are controlled like it, and are no more than "
    "official purposes need. Only the control of copies is verified.": (
        (
            "사본에는 원본의 모든 표시를 붙이고 원본처럼 통제하며, 공적 목적에 필요한 만큼만 "
            "만든다. 사본의 통제만 확인됨."
        ),
        (
            "写しには原本のすべての表示を付し、原本と同様に管理し、公の目的に必要な数に限る。写し"
            "の管理のみ確認済み。"
        ),
    ),
    "Cleared people translate; a translation carries the level and, in its own language, a "
    "note that it holds the originator's information. That a cleared person translates is "
    "verified, the rest is not.": (
        (
            "인가된 사람이 번역한다. 번역문에는 등급과, 그 언어로 원제공자의 정보가 들어 있다는 "
            "문구를 적는다. 인가된 사람이 번역한다는 것은 확인됨; 나머지는 아님."
        ),
        (
            "資格を有する者が翻訳する。翻訳には区分と、その言語で原提供者の情報を含む旨を記す。資"
            "格を有する者が翻訳することは確認済み。その他は未確認。"
        ),
    ),
    "Before anything goes to a contractor or subcontractor, the receiving government makes "
    "sure of fifteen points, from clearances and inspections to storage, transit and "
    "destruction as in the articles above.": (
        (
            "계약자나 하도급자에게 제공하기 전에 접수 정부가 인가와 점검부터 위 조문들과 같은 "
            "보관·송부·파기까지 열다섯 가지를 확인한다."
        ),
        (
            "契約者又は下請契約者に提供する前に、受領国政府が資格や検査から、上の各条と同様の保管"
            "、送付及び破壊まで十五の点を確保する。"
        ),
    ),
    "Tell the originator at once of any loss or compromise, and of any possible one; then "
    "investigate and report results and measures. The article gives no hours.": (
        (
            "분실이나 누설, 그 가능성을 즉시 원제공자에게 알리고, 조사하여 결과와 조치를 "
            "보고한다. 조문은 시간을 정하지 않는다."
        ),
        (
            "紛失又は漏えい及びその可能性を直ちに原提供者に知らせ、調査し、結果と措置を報告する。"
            "条文は時間を定めない。"
        ),
    ),
    "After consultation, each side's security people visit the other to see how procedures "
    "work, so that the two systems stay comparable. The duty to help their assessment is not "
    "verified.": (
        (
            "협의 뒤 양측의 보안 담당자가 서로 방문하여 절차의 운용을 보고 두 제도가 견줄 만하게 "
            "유지되게 한다. 평가에 협조할 의무는 확인되지 않음."
        ),
        (
            "協議の後、双方の保安担当者が互いに訪問して手続の運用を見、両制度が比較可能であり続け"
            "るようにする。評価に協力する義務は未確認。"
        ),
    ),
    "Each side pays its own costs, within its budget law.": (
        "각자 예산 법령의 범위에서 자기 비용을 부담한다.",
        "各国は予算法令の範囲内で自らの費用を負担する。",
    ),
    "Disputes are settled by consultation between the parties and in no other way; meanwhile "
    "protection goes on.": (
        "분쟁은 당사자 간 협의로만 해결하고, 그동안 보호는 계속된다.",
        "紛争は締約国間の協議によってのみ解決し、その間も保護は続く。",
    ),
    "In force on the later of the two written notifications through the diplomatic channel; "
    "amended by mutual written consent; lasts one year and is extended each year unless a "
    "party gives ninety days' written notice through the diplomatic channel; what was received "
    "stays protected after the end.": (
        (
            "외교 경로를 통한 두 서면 통보 가운데 나중 것으로 발효하고, 서면 합의로 개정한다. "
            "1년간 유효하며 어느 당사자가 90일 전에 외교 경로로 서면 통보하지 않는 한 해마다 "
            "연장된다. 받은 것은 종료 뒤에도 보호된다."
        ),
        (
            "外交経路を通じた二つの書面による通告の遅い方で効力を生じ、書面による合意で改正する。"
            "1年間有効で、いずれかの締約国が90日前に外交経路で書面により通告しない限り毎年延長さ"
            "れる。受領したものは終了後も保護される。"
        ),
    ),
    "The notice of 2019 exists and its effect is suspended; Korea may end the agreement at any "
    "time, and the yearly extension does not apply for now.": (
        (
            "2019년의 통보는 존재하고 그 효력은 정지되어 있다. 한국은 언제든지 협정을 종료할 수 "
            "있고, 해마다의 연장은 당분간 적용되지 않는다."
        ),
        (
            "2019年の通告は存在し、その効力は停止されている。韓国はいつでも協定を終了でき、毎年の"
            "延長は当面適用されない。"
        ),
    ),
    "The agreement is extended every 23 November; ending it needs a notice by 24 August, or "
    "the consent of both. As officials and press of Japan were reported; no official legal "
    "paper was found.": (
        (
            "협정은 매년 11월 23일에 연장되고, 종료하려면 8월 24일까지의 통보나 양측의 동의가 "
            "필요하다. 일본 당국자와 언론의 보도에 따른 것으로, 공식 법률 문서는 찾지 못함."
        ),
        (
            "協定は毎年11月23日に延長され、終了には8月24日までの通告又は双方の同意が必要である。"
            "日本の当局者と報道によるもので、公式の法的文書は見つからなかった。"
        ),
    ),
    "The text knows no suspended notice, so the agreement ended on 23 November 2019 at 00:00. "
    "No government held this; it is offered as the strictest test of what was done since.": (
        (
            "문언은 정지된 통보를 알지 못하므로 협정은 2019년 11월 23일 00:00에 끝났다. 어느 "
            "정부도 이 해석을 취하지 않았으며, 그 뒤의 행위를 가장 엄격히 따져 보기 위한 것이다."
        ),
        (
            "条文は停止された通告を知らないので、協定は2019年11月23日00:00に終了した。どの政府も"
            "この解釈を採っておらず、その後の行為を最も厳しく検証するためのものである。"
        ),
    ),
    # The exercises.
    "Protect what is given under this exercise.": (
        "이 연습에 따라 제공된 것을 보호한다.",
        "この演習の下で提供されたものを保護する。",
    ),
    "What is covered, in which forms, and who the authorities are.": (
        "무엇이 어떤 형태로 대상이 되고 당국이 누구인지.",
        "何がどの形態で対象となり、当局が誰であるか。",
    ),
    "Tell the other side of laws that touch protection.": (
        "보호에 관한 법령을 상대측에 알린다.",
        "保護に関わる法令を相手方に知らせる。",
    ),
    "Every item carries a listed mark; the receiver adds the originator's name and its own "
    "corresponding mark.": (
        "모든 품목에 열거된 표시가 붙고, 접수측은 생산국 이름과 자국의 대응 표시를 더한다.",
        "すべての物件に列挙された表示を付し、受領国は作成国の名と自国の対応する表示を加える。",
    ),
    "Procedures may be settled below the agreement.": (
        "절차는 협정 아래에서 정할 수 있다.",
        "手続は協定の下位で定めることができる。",
    ),
    "No third party without the originator's prior written approval; the given purpose only; a "
    "changed level is told and carried out.": (
        (
            "원제공자의 사전 서면 승인 없이 제3자에게 제공하지 않고, 제공된 목적에만 쓰며, 등급 "
            "변경은 알리고 이행한다."
        ),
        (
            "原提供者の事前の書面による承認なく第三者に提供せず、与えられた目的にのみ用い、区分の"
            "変更は知らせて実施する。"
        ),
    ),
    "Duty and clearance, never rank alone; assurance before release.": (
        "직무와 인가가 필요하고 계급만으로는 안 됨; 제공 전에 보장.",
        "職務と資格が必要で、階級のみでは足りない。提供の前に保証。",
    ),
    "The host permits visits.": (
        "방문은 접수국이 허가한다.",
        "訪問は受入国が許可する。",
    ),
    "Between the governments' own channels.": (
        "정부 간의 경로로.",
        "政府間の経路で。",
    ),
    "Each party answers for its facilities.": (
        "각 당사자는 자국 시설을 책임진다.",
        "各締約国は自国の施設に責任を負う。",
    ),
    "Only authorised people reach what is stored.": (
        "허가된 사람만 보관된 것에 접근한다.",
        "許可された者のみが保管されたものに接する。",
    ),
    "Sealed, without a level outside, with a receipt; encrypted if electronic.": (
        "봉인하고 겉에 등급을 적지 않으며 수령증을 붙인다. 전자 송신은 암호화한다.",
        "封をし、外側に区分を記さず、受領証を付す。電子的な送信は暗号化する。",
    ),
    "So that nothing can be put together again.": (
        "아무것도 복원할 수 없도록.",
        "何も復元できないように。",
    ),
    "Copies are marked and controlled like the original.": (
        "사본은 원본처럼 표시하고 통제한다.",
        "写しは原本と同様に表示し管理する。",
    ),
    "By cleared people, marked.": (
        "인가된 사람이 하고 표시한다.",
        "資格を有する者が行い、表示する。",
    ),
    "Only after the receiving government made sure of protection.": (
        "접수 정부가 보호를 확인한 뒤에만.",
        "受領国政府が保護を確保した後にのみ。",
    ),
    "Tell the originator at once.": (
        "즉시 원제공자에게 알린다.",
        "直ちに原提供者に知らせる。",
    ),
    "Each side may see how procedures work.": (
        "양측은 절차의 운용을 볼 수 있다.",
        "双方は手続の運用を見ることができる。",
    ),
    "Each side pays its own.": (
        "각자 자기 비용을 부담한다.",
        "各国は自らの費用を負担する。",
    ),
    "By consultation.": (
        "협의로.",
        "協議によって。",
    ),
    "In force on the later notification; a year, extended each year; ninety days' notice; "
    "protection stays.": (
        "나중의 통보로 발효; 1년, 해마다 연장; 90일 전 통보; 보호는 존속.",
        "遅い方の通告で効力発生。1年、毎年延長。90日前の通告。保護は存続。",
    ),
    "Only the final clause counts.": (
        "최종 조항만이 기준이다.",
        "最終条項のみが基準である。",
    ),
}
"""By the pack's own English, in Korean and in Japanese."""
