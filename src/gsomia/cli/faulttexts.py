"""What an error expected, what came, and where, in Korean and Japanese.

The errors of the library are in English, and there are many more of them than stand here:
these are those that users meet most. One that is not here is told
in English, in the frame of the user's language. `{}` stands for a value, which stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

from gsomia.cli.labelfaults import LABEL_FAULTS
from gsomia.cli.outagetexts import OUTAGES
from gsomia.cli.treatyfaults import TREATY_FAULTS

FAULTS: dict[str, tuple[str, str]] = {
    # Files.
    "a file that can be read": ("읽을 수 있는 파일", "読み取れるファイル"),
    "a plain file": ("일반 파일", "通常のファイル"),
    "{}, which is none": ("{}: 일반 파일이 아님", "{}: 通常のファイルではない"),
    "a file's name": ("파일 이름", "ファイル名"),
    "a new file": ("새 파일", "新しいファイル"),
    "a name that ends in {}": ("{}(으)로 끝나는 이름", "{}で終わる名前"),
    "a new file: nothing is overwritten": (
        "새 파일(덮어쓰지 않음)",
        "新しいファイル(上書きはしない)",
    ),
    "a folder that exists": ("있는 폴더", "既存のフォルダー"),
    "a folder to write in": ("쓸 수 있는 폴더", "書き込めるフォルダー"),
    "at most {} bytes": ("{}바이트 이하", "{}バイト以下"),
    "at most {} bytes of XML": ("{}바이트 이하의 XML", "{}バイト以下のXML"),
    "at most {} bytes unpacked": ("압축을 푼 크기 {}바이트 이하", "展開後{}バイト以下"),
    "at most {} characters": ("{}자 이하", "{}文字以下"),
    "at most {} parts": ("{}개 이하의 부분", "{}個以下の部分"),
    "at most {} levels": ("{}단계 이하", "{}段以下"),
    "{} bytes": ("{}바이트", "{}バイト"),
    "a file of at most {} MiB": ("{} MiB 이하의 파일", "{} MiB以下のファイル"),
    "a file that can be read in {} s and {} GiB": (
        "{}초와 {} GiB 안에 읽을 수 있는 파일",
        "{}秒と{} GiBの範囲で読み取れるファイル",
    ),
    "a file that only its owner can read (mode 0600)": (
        "소유자만 읽을 수 있는 파일(모드 0600)",
        "所有者だけが読めるファイル(モード0600)",
    ),
    "text in the terminal's encoding": ("단말 인코딩의 텍스트", "端末の符号化のテキスト"),
    "argument {}": ("{}번째 인수", "{}番目の引数"),
    "text in UTF-8": ("UTF-8 텍스트", "UTF-8のテキスト"),
    "UTF-8 text": ("UTF-8 텍스트", "UTF-8のテキスト"),
    "no such file or directory": (
        "그런 파일이나 폴더가 없음",
        "そのようなファイルやフォルダーはない",
    ),
    "permission denied": ("권한이 없음", "権限がない"),
    "file name too long": ("이름이 너무 긺", "名前が長すぎる"),
    "input/output error": ("입출력 오류", "入出力エラー"),
    "too many levels of symbolic links": (
        "심볼릭 링크가 너무 많음",
        "シンボリックリンクが多すぎる",
    ),
    "{}: no such file or directory": (
        "{}: 그런 파일이나 폴더가 없음",
        "{}: そのようなファイルやフォルダーはない",
    ),
    "{}: permission denied": ("{}: 권한이 없음", "{}: 権限がない"),
    "{}: file name too long": ("{}: 이름이 너무 긺", "{}: 名前が長すぎる"),
    "{}: input/output error": ("{}: 입출력 오류", "{}: 入出力エラー"),
    "{}: too many levels of symbolic links": (
        "{}: 심볼릭 링크가 너무 많음",
        "{}: シンボリックリンクが多すぎる",
    ),
    # XML.
    "well-formed XML": ("형식에 맞는 XML", "整形式のXML"),
    "no element found": ("요소가 없음", "要素がない"),
    "not well-formed (invalid token)": ("형식에 어긋남", "整形式でない"),
    "XML without a document type": ("문서 유형 선언이 없는 XML", "文書型宣言のないXML"),
    "a DOCTYPE": ("DOCTYPE", "DOCTYPE"),
    "XML in UTF-8, or in UTF-16 with its byte order mark": (
        "UTF-8 또는 바이트 순서 표시가 있는 UTF-16의 XML",
        "UTF-8、又はバイト順マーク付きUTF-16のXML",
    ),
    # PDF.
    "a PDF that can be read": ("읽을 수 있는 PDF", "読み取れるPDF"),
    "a PDF without a password": ("암호가 없는 PDF", "パスワードのないPDF"),
    "a PDF that is not encrypted": ("암호화되지 않은 PDF", "暗号化されていないPDF"),
    "a PDF that runs nothing": ("아무것도 실행하지 않는 PDF", "何も実行しないPDF"),
    "a PDF that is whole": ("그 자체로 완결된 PDF", "それだけで完結したPDF"),
    "a PDF whose pages are its own": ("쪽이 고정된 PDF", "ページが固定されたPDF"),
    "a PDF without files in it": ("파일이 첨부되지 않은 PDF", "ファイルが添付されていないPDF"),
    "a PDF without a signature, which a stamp would break": (
        "서명이 없는 PDF(날인하면 서명이 깨짐)",
        "署名のないPDF(押印すると署名が壊れる)",
    ),
    "pages that can be read": ("읽을 수 있는 쪽", "読み取れるページ"),
    "pages that can be unpacked": ("압축을 풀 수 있는 쪽", "展開できるページ"),
    "pages that unpack to at most {} MiB each": (
        "압축을 푼 크기가 각각 {} MiB 이하인 쪽",
        "展開後がそれぞれ{} MiB以下のページ",
    ),
    "a page that shows its stamp in every reader": (
        "모든 판독기에서 날인이 보이는 쪽",
        "どの閲覧ソフトでも押印が見えるページ",
    ),
    "at most {} notes, fields or entries that could run something": (
        "무언가를 실행할 수 있는 주석·필드·항목 {}개 이하",
        "何かを実行し得る注釈・欄・項目が{}個以下",
    ),
    "1 to {} pages": ("1~{}쪽", "1~{}ページ"),
    "a file without a stamp of this program": (
        "이 프로그램의 날인이 없는 파일",
        "このプログラムの押印のないファイル",
    ),
    "a text without a stamp": ("날인이 없는 텍스트", "押印のないテキスト"),
    # Word and pictures.
    "a Word file": ("Word 파일", "Wordファイル"),
    "a Word file that can be read": ("읽을 수 있는 Word 파일", "読み取れるWordファイル"),
    "a Word document (.docx)": ("Word 문서(.docx)", "Word文書(.docx)"),
    "a document without macros": ("매크로가 없는 문서", "マクロのない文書"),
    "a document that runs nothing": ("아무것도 실행하지 않는 문서", "何も実行しない文書"),
    "a document that is whole": ("그 자체로 완결된 문서", "それだけで完結した文書"),
    "a document without files in it": ("파일이 들어 있지 않은 문서", "ファイルを含まない文書"),
    "a document that a stamp does not break": (
        "날인해도 깨지지 않는 문서",
        "押印しても壊れない文書",
    ),
    "an Office Open XML file": ("Office Open XML 파일", "Office Open XMLファイル"),
    "an undamaged zip file": ("손상되지 않은 ZIP 파일", "損傷のないZIPファイル"),
    "a picture that can be read": ("읽을 수 있는 그림", "読み取れる画像"),
    "a picture of at most {} pixels, and {} on a side": (
        "전체 {}화소, 한 변 {}화소 이하의 그림",
        "全体で{}画素、一辺{}画素以下の画像",
    ),
    "one still picture": ("정지된 그림 하나", "静止画一枚"),
    "a PDF, a Word file (.docx) without password, a PNG, a JPEG, or text in UTF-8": (
        "PDF, 암호 없는 Word 파일(.docx), PNG, JPEG 또는 UTF-8 텍스트",
        "PDF、パスワードのないWordファイル(.docx)、PNG、JPEG、又はUTF-8のテキスト",
    ),
    "a file without a label, or with this one": (
        "라벨이 없거나 이 라벨이 있는 파일",
        "ラベルがないか、このラベルのあるファイル",
    ),
    # Labels, marks and options.
    "a label of the information": ("정보의 라벨", "情報のラベル"),
    "a label inside the file or beside it, or --label": (
        "파일 안이나 옆의 라벨, 또는 --label",
        "ファイルの中か傍らのラベル、又は--label",
    ),
    "a mark of {}": ("{}의 표시", "{}の表示"),
    "a mark of 1 to {} characters": ("1~{}자의 표시", "1~{}文字の表示"),
    "a known party": ("알려진 당사국", "既知の締約国"),
    "a copy like 1/3": ("1/3과 같은 사본 번호", "1/3のような写しの番号"),
    "a control number like KOR-DIH1-2026-000123": (
        "KOR-DIH1-2026-000123과 같은 관리번호",
        "KOR-DIH1-2026-000123のような管理番号",
    ),
    "a tag set and a value, like 'Releasable To=KOR'": (
        "'Releasable To=KOR'과 같은 태그 집합과 값",
        "'Releasable To=KOR'のようなタグ集合と値",
    ),
    "a party and an identifier, like KOR=2.25.1": (
        "KOR=2.25.1과 같은 당사국과 식별자",
        "KOR=2.25.1のような締約国と識別子",
    ),
    "a party as three capital letters, like KOR": (
        "KOR처럼 대문자 세 글자의 당사국",
        "KORのような大文字三字の締約国",
    ),
    "a classification of this policy": ("이 정책의 등급", "この方針の区分"),
    "a classification of the policy": ("정책의 등급", "方針の区分"),
    "another party than the holder": ("보유국이 아닌 당사국", "保有国以外の締約国"),
    "an instant with offset": ("시차가 있는 시각", "時差付きの時刻"),
    "a day, like 2016-11-23": ("2016-11-23과 같은 날", "2016-11-23のような日"),
    "--from and --original together": ("--from과 --original을 함께", "--fromと--originalの両方"),
    "--number and --copy, or neither": (
        "--number와 --copy를 함께, 또는 둘 다 없이",
        "--numberと--copyの両方、又はどちらもなし",
    ),
    "--key FILE, or GSOMIA_KEY": ("--key FILE 또는 GSOMIA_KEY", "--key FILE、又はGSOMIA_KEY"),
    "--node DIR, or GSOMIA_NODE": ("--node DIR 또는 GSOMIA_NODE", "--node DIR、又はGSOMIA_NODE"),
    "one of {}": ("다음 중 하나: {}", "次のいずれか: {}"),
    "each {} once": ("각 {} 한 번", "各{}を一度"),
    # Instants, parties, agreements, letters and acts.
    "an instant that exists": ("있는 시각", "存在する時刻"),
    "an instant from 1900 to 2999": ("1900년부터 2999년까지의 시각", "1900年から2999年までの時刻"),
    "one in {}": ("{}년의 시각", "{}年の時刻"),
    "an instant with offset, like 2019-08-23T15:25:00+09:00": (
        "2019-08-23T15:25:00+09:00과 같이 시차가 있는 시각",
        "2019-08-23T15:25:00+09:00のような時差付きの時刻",
    ),
    "an instant with offset, like 2019-08-23T15:25:00+09:00, or a day with offset, "
    "like 2023-03-21+09:00": (
        "시차가 있는 시각(2019-08-23T15:25:00+09:00) 또는 날짜(2023-03-21+09:00)",
        "時差付きの時刻(2019-08-23T15:25:00+09:00)又は日付(2023-03-21+09:00)",
    ),
    "an instant that has come": ("이미 지난 시각", "既に到来した時刻"),
    "a date that has come": ("이미 지난 날짜", "既に到来した日付"),
    "a later one": ("더 늦은 것", "より後のもの"),
    "bounds in order": ("순서가 맞는 두 시각", "順序の正しい二つの時刻"),
    "two different parties": ("서로 다른 두 당사국", "異なる二つの締約国"),
    "a party's ISO 3166-1 alpha-3 code: {}": (
        "당사국의 ISO 3166-1 세 글자 코드: {}",
        "締約国のISO 3166-1三字コード: {}",
    ),
    "a party of {}": ("{}의 당사국", "{}の締約国"),
    "a known partner": ("등록된 상대측", "登録された相手方"),
    "an agreement that `gsomia agreement list` shows": (
        "`gsomia agreement list`에 나오는 협정",
        "`gsomia agreement list`が示す協定",
    ),
    "an agreement that `gsomia agreement list` shows, perhaps {}": (
        "`gsomia agreement list`에 나오는 협정, 혹시 {}",
        "`gsomia agreement list`が示す協定、もしかすると{}",
    ),
    "instants that have come": ("이미 지난 시각", "既に到来した時刻"),
    "another instrument": ("다른 문서", "別の文書"),
    "itself": ("자기 자신", "自分自身"),
    "text that can be seen": ("눈에 보이는 문자", "目に見える文字"),
    "the code of a language, like en": ("en 같은 언어 코드", "enのような言語コード"),
    "whom the article binds": ("조문이 구속하는 자", "条文が拘束する者"),
    "nobody": ("아무도 없음", "なし"),
    "an authority for treaty notes": ("조약 문서 담당 당국", "条約文書の担当当局"),
    "none of {}": ("{}의 것이 없음", "{}のものがない"),
    "a confirmation: with this only the suspension is withdrawn, and the notice of termination is "
    "back in effect": (
        "확인: 이것으로 정지만 철회되어 종료 통보의 효력이 되살아남",
        "確認：これにより停止のみが撤回され、終了通告の効力が復活する",
    ),
    "an instrument on record": ("기록된 문서", "記録された文書"),
    "an id not yet used": ("아직 쓰이지 않은 식별자", "まだ使われていない識別子"),
    "an authority named for that day": ("그 날짜에 지정된 당국", "その日に指定されている当局"),
    "none in the pack": ("팩에 없음", "パックにない"),
    "an approved request": ("승인된 요청", "承認された請求"),
    "a reason": ("사유", "理由"),
    "one that exists": ("이미 있는 것", "既に存在するもの"),
    "something else": ("다른 것", "別のもの"),
    "at least {} characters": ("{}자 이상", "{}文字以上"),
    "fewer": ("그보다 적음", "それより少ない"),
    "a terminal to ask at, or --passphrase-file": (
        "물을 수 있는 터미널 또는 --passphrase-file",
        "入力できる端末、又は--passphrase-file",
    ),
    # What came.
    "another": ("다른 것", "別のもの"),
    "another text": ("다른 글", "別の文字列"),
    "another form": ("다른 형식", "別の形"),
    "another format": ("다른 형식", "別の形式"),
    "another element": ("다른 요소", "別の要素"),
    "more": ("그보다 많음", "それを超える"),
    "a larger one": ("더 큰 것", "より大きいもの"),
    "a longer one": ("더 긴 것", "より長いもの"),
    "deeper nesting": ("더 깊은 중첩", "より深い入れ子"),
    "none": ("없음", "なし"),
    "nothing": ("없음", "なし"),
    "neither": ("둘 다 없음", "どちらもなし"),
    "others": ("다른 것들", "別のもの"),
    "two": ("둘", "二つ"),
    "one of them": ("그중 하나", "その一方"),
    "one without": ("없는 것", "それのないもの"),
    "other bytes": ("다른 바이트", "別のバイト"),
    "{} twice": ("{} 두 번", "{}が二度"),
    "page {}": ("{}쪽", "{}ページ"),
    "an empty file": ("빈 파일", "空のファイル"),
    "a broken one": ("손상된 것", "壊れたもの"),
    "an encrypted one": ("암호화된 것", "暗号化されたもの"),
    "a signed one": ("서명된 것", "署名されたもの"),
    "one that needs it": ("암호가 필요한 것", "パスワードを要するもの"),
    "one that needs a password": ("암호가 필요한 것", "パスワードを要するもの"),
    "one that is": ("암호화된 것", "暗号化されたもの"),
    "one that has it": ("날인이 있는 것", "押印のあるもの"),
    "one that stopped the reader": ("판독기를 멈추게 한 것", "読取りを止めたもの"),
    "one that needs more": ("더 필요한 것", "それ以上を要するもの"),
    "one that unpacks to more": ("더 크게 풀리는 것", "より大きく展開されるもの"),
    "one that is damaged or unpacks to more": (
        "손상되었거나 더 크게 풀리는 것",
        "壊れているか、より大きく展開されるもの",
    ),
    "one with a script or an action": (
        "스크립트나 동작이 있는 것",
        "スクリプト又は動作のあるもの",
    ),
    "one with attached files": ("파일이 첨부된 것", "ファイルが添付されたもの"),
    "one that draws in other files": ("다른 파일을 끌어오는 것", "他のファイルを取り込むもの"),
    "one that draws in others": ("다른 문서를 끌어오는 것", "他の文書を取り込むもの"),
    "one with an embedded object": ("개체가 들어 있는 것", "オブジェクトが埋め込まれたもの"),
    "one with controls or add-ins": (
        "컨트롤이나 추가 기능이 있는 것",
        "コントロール又はアドインのあるもの",
    ),
    "one with macros": ("매크로가 있는 것", "マクロのあるもの"),
    "one with another": ("다른 라벨이 있는 것", "別のラベルのあるもの"),
    "one whose header claims more": (
        "머리에 더 크다고 적힌 것",
        "ヘッダーがそれ以上と称するもの",
    ),
    "a template, or one with macros": (
        "서식 파일이거나 매크로가 있는 것",
        "テンプレート、又はマクロのあるもの",
    ),
    "a form drawn by the reader (XFA)": (
        "판독기가 그리는 양식(XFA)",
        "閲覧ソフトが描く書式(XFA)",
    ),
    "another Office file": ("다른 Office 파일", "別のOfficeファイル"),
    "a damaged ZIP file, or one of another program": (
        "손상된 ZIP 파일, 또는 다른 프로그램의 것",
        "壊れたZIPファイル、又は別のプログラムのもの",
    ),
    "a Word file with a password, or one of an older program": (
        "암호가 있는 Word 파일, 또는 옛 프로그램의 것",
        "パスワードのあるWordファイル、又は古いプログラムのもの",
    ),
    "one of its metadata": ("메타데이터의 라벨", "メタデータのラベル"),
    # Where.
    "{}, line {}": ("{}, {}째 줄", "{}、{}行目"),
    "{}, page {}": ("{}, {}쪽", "{}、{}ページ"),
    "as-of instant": ("기준 시각", "基準時刻"),
    "known-at instant": ("알려진 시점", "既知の時点"),
    "passphrase": ("암호문", "パスフレーズ"),
    "passphrase file": ("암호문 파일", "パスフレーズのファイル"),
    **TREATY_FAULTS,
    **LABEL_FAULTS,
    **OUTAGES,
}
"""By their English, which is the library's own, in Korean and in Japanese."""

PLACES = ("{}, line {}", "{}, page {}")
"""Places in something that may have a name of its own."""


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The texts with values in them. One with fewer values, which says more, comes first."""
    held = sorted((text for text in FAULTS if "{}" in text), key=lambda t: (-len(t), t))
    made = (re.escape(text).replace(re.escape("{}"), "(.+)") for text in held)
    return tuple((re.compile(one, re.DOTALL), text) for one, text in zip(made, held, strict=True))


def fault_text(lang: str, text: str) -> str:
    """What an error says of one part, in Korean or Japanese; English where there is no other."""
    if lang == "en":
        return text
    at = 0 if lang == "ko" else 1
    if text in FAULTS:
        return FAULTS[text][at]
    for pattern, english in _patterns():
        if found := pattern.fullmatch(text):
            values = found.groups()
            if english in PLACES:
                values = (fault_text(lang, values[0]), *values[1:])
            return FAULTS[english][at].format(*values)
    return text
