"""What is out of reach, and what to do about it, in Korean and Japanese.

As `gsomia.cli.faulttexts`: by the library's own English, `{}` for a value, which stays as it is.
"""

from __future__ import annotations

OUTAGES: dict[str, tuple[str, str]] = {
    # The node and its doors.
    "the node in {} is not running": (
        "{}의 노드가 실행 중이 아님",
        "{}のノードは稼働していない",
    ),
    "Start it: gsomia node run {}": (
        "시작하려면: gsomia node run {}",
        "起動するには: gsomia node run {}",
    ),
    "no node is running here": ("여기에서 실행 중인 노드가 없음", "ここで稼働中のノードがない"),
    "this node's door is another user's": (
        "이 노드의 접속구는 다른 사용자의 것임",
        "このノードの接続口は別の利用者のもの",
    ),
    "cannot reach the node: {}": ("노드에 접속할 수 없음: {}", "ノードに接続できない: {}"),
    "the node does not answer": ("노드가 응답하지 않음", "ノードが応答しない"),
    "the node broke off": ("노드가 도중에 끊음", "ノードが途中で切断した"),
    "nothing that came may be relied on": (
        "받은 내용은 신뢰할 수 없음",
        "届いた内容に依拠してはならない",
    ),
    "the node answered {}": ("노드의 응답: {}", "ノードの応答: {}"),
    "not the answer of a node of this version": (
        "이 버전 노드의 응답이 아님",
        "この版のノードの応答ではない",
    ),
    "{} permits no transfer now ({}): {} stays here": (
        "{}: 지금은 전달이 허용되지 않음({}): {} 보류",
        "{}: 現在は伝達が認められない({}): {}を留め置く",
    ),
    "Wait until transfers are permitted, or cancel it": (
        "전달이 허용될 때까지 기다리거나 취소할 것",
        "伝達が認められるまで待つか、取り消すこと",
    ),
    "too many commands wait": ("대기 중인 명령이 너무 많음", "待機中の命令が多すぎる"),
    "Try again in a moment": ("잠시 후 다시 시도할 것", "しばらくしてから再試行すること"),
    "the node is only just starting": ("노드가 이제 막 시작하는 중", "ノードは起動したばかり"),
    "the node belongs to another user": (
        "노드가 다른 사용자의 것임",
        "ノードは別の利用者のもの",
    ),
    "End it as that user": ("그 사용자로 종료할 것", "その利用者として終了すること"),
    "the node has not ended within {} seconds": (
        "노드가 {}초 안에 종료되지 않음",
        "ノードが{}秒以内に終了しなかった",
    ),
    "It finishes what is under way; see its log": (
        "진행 중인 일을 마치는 중이니 로그를 볼 것",
        "進行中の処理を終えている。ログを見ること",
    ),
    "a fault in the program stopped this node; see its log": (
        "프로그램의 결함으로 이 노드가 멈춤; 로그를 볼 것",
        "プログラムの欠陥でこのノードが停止した。ログを見ること",
    ),
    "the store cannot be read again: {}": (
        "저장소를 다시 읽을 수 없음: {}",
        "保管場所を再び読み取れない: {}",
    ),
    "the clock was set back: it says {}, the last entry {}": (
        "시계가 뒤로 돌려짐: 시계는 {}, 마지막 기재는 {}",
        "時計が戻された。時計は{}、最後の記載は{}",
    ),
    "Set the clock right": ("시계를 바로잡을 것", "時計を正しく合わせること"),
    "book {} does not fit its own signed checkpoint of {} entries: entries were changed or "
    "lost. Restore the newest state.": (
        (
            "장부 {}이(가) 기재 {}건의 자체 서명 체크포인트와 맞지 않음: 기재가 바뀌었거나 "
            "없어짐. 최신 상태를 복원할 것."
        ),
        (
            "帳簿{}が記載{}件の自らの署名付きチェックポイントと合わない。記載が変更されたか失"
            "われた。最新の状態を復元すること。"
        ),
    ),
    "book {} has {} entries, but had {} before: this node was started from an old backup. "
    "Restore the newest state; if it is lost, found the node anew. It does nothing until "
    "then.": (
        (
            "장부 {}의 기재가 {}건이나 전에는 {}건이었음: 이 노드는 옛 백업에서 시작됨. 최신 "
            "상태를 복원하고, 그것이 없으면 노드를 새로 설립할 것. 그때까지 아무 일도 하지 "
            "않음."
        ),
        (
            "帳簿{}の記載は{}件だが、以前は{}件あった。このノードは古いバックアップから起動さ"
            "れた。最新の状態を復元し、それがなければノードを新たに設立すること。それまでは何"
            "もしない。"
        ),
    ),
    "{} holds a book {} of {} entries that this node signed, and the book here, of {} "
    "entries, is not that one: the node was started from an old backup, or its books were "
    "changed. Restore the newest state; if it is lost, found the node anew. It does nothing "
    "until then.": (
        (
            "{}이(가) 이 노드가 서명한 장부 {}(기재 {}건)을 가지고 있으나 이곳의 장부(기재 "
            "{}건)는 그것이 아님: 이 노드가 옛 백업에서 시작되었거나 장부가 바뀜. 최신 "
            "상태를 복원하고, 그것이 없으면 노드를 새로 설립할 것. 그때까지 아무 일도 하지 "
            "않음."
        ),
        (
            "{}はこのノードが署名した帳簿{}(記載{}件)を持つが、ここの帳簿(記載{}件)はそれでは"
            "ない。このノードが古いバックアップから起動されたか、帳簿が変更された。最新の状態"
            "を復元し、それがなければノードを新たに設立すること。それまでは何もしない。"
        ),
    ),
    # Partners.
    "the partner's node shows another certificate than its card": (
        "상대측 노드가 카드와 다른 인증서를 제시함",
        "相手方のノードがカードと異なる証明書を示した",
    ),
    "{} did not answer in time": ("{}이(가) 제때 응답하지 않음", "{}が時間内に応答しなかった"),
    "{} answered {}": ("{}의 응답: {}", "{}の応答: {}"),
    "{} answered, and not as a witness does": (
        "{}이(가) 응답했으나 증인의 응답이 아님",
        "{}が応答したが、証人の応答ではない",
    ),
    "{} has no network address": (
        "{}에는 네트워크 주소가 없음",
        "{}にはネットワークアドレスがない",
    ),
    "Use a courier": ("전달자를 이용할 것", "伝書使を用いること"),
    "{} is not a trusted partner": (
        "{}은(는) 신뢰하는 상대가 아님",
        "{}は信頼する相手ではない",
    ),
    "the link is closed": ("연결이 닫힘", "接続が閉じている"),
    "no partner has cosigned book {} yet": (
        "아직 어떤 상대도 장부 {}에 연서하지 않음",
        "まだどの相手も帳簿{}に連署していない",
    ),
    "Try again once it is in reach": (
        "상대에 접속할 수 있을 때 다시 시도할 것",
        "相手に接続できるときに再試行すること",
    ),
    "the epoch of {}'s card is over": (
        "{}의 카드 기간이 끝남",
        "{}のカードの期間が終わった",
    ),
    "Ask for the next": ("다음 것을 요청할 것", "次のものを求めること"),
    # Keys and content.
    "the key of {} is not on this node any more": (
        "{}의 키는 더 이상 이 노드에 없음",
        "{}の鍵はもうこのノードにない",
    ),
    "there is too little memory to stretch the passphrase": (
        "암호문을 처리할 메모리가 부족함",
        "パスフレーズを処理するメモリが足りない",
    ),
    "It takes {} MiB": ("{} MiB가 필요함", "{} MiBが必要"),
    "the blob {} is missing": ("내용 파일 {}이(가) 없음", "内容ファイル{}がない"),
    "Restore it from a copy": ("사본에서 복원할 것", "写しから復元すること"),
    "epoch key {}, with a copy of the transmittal as it was sent": (
        "기간 키 {}와 보낸 그대로의 송부 사본",
        "期間鍵{}と、送られたままの送付の写し",
    ),
    "backup {}": ("백업 {}", "バックアップ{}"),
    "a blob cannot be written": ("내용 파일을 쓸 수 없음", "内容ファイルを書き込めない"),
    "a blob cannot be read": ("내용 파일을 읽을 수 없음", "内容ファイルを読み取れない"),
    "a blob cannot be removed": ("내용 파일을 지울 수 없음", "内容ファイルを削除できない"),
    "the blob folder cannot be made": (
        "내용 폴더를 만들 수 없음",
        "内容フォルダーを作れない",
    ),
    "the blob folder cannot be read": (
        "내용 폴더를 읽을 수 없음",
        "内容フォルダーを読み取れない",
    ),
    "the blob folder cannot be swept": (
        "내용 폴더를 정리할 수 없음",
        "内容フォルダーを整理できない",
    ),
    "the key file cannot be read": ("키 파일을 읽을 수 없음", "鍵ファイルを読み取れない"),
    "the officer's key cannot be read": (
        "담당자의 키를 읽을 수 없음",
        "担当者の鍵を読み取れない",
    ),
    "the officer's key cannot be written": (
        "담당자의 키를 쓸 수 없음",
        "担当者の鍵を書き込めない",
    ),
    "the vault cannot be created": ("금고를 만들 수 없음", "保管庫を作れない"),
    "the vault cannot be read": ("금고를 읽을 수 없음", "保管庫を読み取れない"),
    "the vault cannot be swept": ("금고를 정리할 수 없음", "保管庫を整理できない"),
    "the vault cannot be written": ("금고에 쓸 수 없음", "保管庫に書き込めない"),
    "a secret cannot be destroyed": ("비밀값을 파기할 수 없음", "秘密を破壊できない"),
    "a slot cannot be destroyed": ("키 칸을 파기할 수 없음", "鍵の枠を破壊できない"),
    "No space left on device": ("장치에 남은 공간이 없음", "装置に空きがない"),
    "No such file or directory": (
        "그런 파일이나 폴더가 없음",
        "そのようなファイルやフォルダーはない",
    ),
    "Permission denied": ("권한이 없음", "権限がない"),
    "Read-only file system": ("읽기 전용 파일 시스템", "読み取り専用のファイルシステム"),
    "Input/output error": ("입출력 오류", "入出力エラー"),
    # The folder, the database, the disk.
    "the node's folder is in use by process {}": (
        "노드 폴더를 프로세스 {}이(가) 사용 중",
        "ノードのフォルダーをプロセス{}が使用中",
    ),
    "Stop that process, or ask it through its own address": (
        "그 프로세스를 멈추거나 그 주소로 요청할 것",
        "そのプロセスを止めるか、そのアドレスに求めること",
    ),
    "the node's folder cannot be locked": (
        "노드 폴더를 잠글 수 없음",
        "ノードのフォルダーをロックできない",
    ),
    "the node's folder cannot be used": (
        "노드 폴더를 사용할 수 없음",
        "ノードのフォルダーを使えない",
    ),
    "the node's database is missing": (
        "노드의 데이터베이스가 없음",
        "ノードのデータベースがない",
    ),
    "Restore {} from a backup": ("{}을(를) 백업에서 복원할 것", "{}をバックアップから復元すること"),
    "the node's database is damaged": (
        "노드의 데이터베이스가 손상됨",
        "ノードのデータベースが壊れている",
    ),
    "Keep the file and restore a backup": (
        "파일을 보존하고 백업을 복원할 것",
        "ファイルを残し、バックアップを復元すること",
    ),
    "the node's database cannot be opened": (
        "노드의 데이터베이스를 열 수 없음",
        "ノードのデータベースを開けない",
    ),
    "the node's database cannot be written": (
        "노드의 데이터베이스에 쓸 수 없음",
        "ノードのデータベースに書き込めない",
    ),
    "the disk failed": ("디스크가 고장남", "ディスクが故障した"),
    "memory is exhausted": ("메모리가 고갈됨", "メモリが尽きた"),
    "another process holds the node's database": (
        "다른 프로세스가 노드의 데이터베이스를 쥐고 있음",
        "別のプロセスがノードのデータベースを保持している",
    ),
    "the disk is full": ("디스크가 가득 참", "ディスクに空きがない"),
    "Free some space; nothing was changed": (
        "공간을 확보할 것; 바뀐 것은 없음",
        "空きを作ること。何も変更されていない",
    ),
    "the file system cannot keep a write-ahead log": (
        "이 파일 시스템은 미리 쓰기 로그를 둘 수 없음",
        "このファイルシステムは先行書き込みログを置けない",
    ),
    "Use a local disk": ("로컬 디스크를 쓸 것", "ローカルディスクを使うこと"),
    "the backup cannot be written": ("백업을 쓸 수 없음", "バックアップを書き込めない"),
    "{} cannot be written: {}": ("{}에 쓸 수 없음: {}", "{}に書き込めない: {}"),
    "this node's documents were derived from its books by another version of gsomia": (
        "이 노드의 문서는 다른 버전의 gsomia가 장부에서 만든 것임",
        "このノードの文書は別の版のgsomiaが帳簿から作ったもの",
    ),
    "Derive them again: gsomia node rebuild": (
        "다시 만들 것: gsomia node rebuild",
        "作り直すこと: gsomia node rebuild",
    ),
    "the erasure is not complete: a reader holds old pages": (
        "삭제가 끝나지 않음: 읽는 중인 곳이 옛 쪽을 쥐고 있음",
        "消去が完了していない。読み取り中のものが古いページを持っている",
    ),
    "Let the running queries and backups end, then erase again": (
        "진행 중인 조회와 백업이 끝난 뒤 다시 삭제할 것",
        "進行中の照会とバックアップの終了後に再び消去すること",
    ),
    # What is not installed.
    "printing is not installed": ("인쇄 기능이 설치되지 않음", "印刷機能が導入されていない"),
    "Install it: pip install 'gsomia[print]'": (
        "설치하려면: pip install 'gsomia[print]'",
        "導入するには: pip install 'gsomia[print]'",
    ),
    "the library for PDF is not installed": (
        "PDF 라이브러리가 설치되지 않음",
        "PDFのライブラリが導入されていない",
    ),
    "the library for XML signatures is not installed": (
        "XML 서명 라이브러리가 설치되지 않음",
        "XML署名のライブラリが導入されていない",
    ),
    "{} is not installed": ("{}이(가) 설치되지 않음", "{}が導入されていない"),
    "Install it: pip install 'gsomia[documents]'": (
        "설치하려면: pip install 'gsomia[documents]'",
        "導入するには: pip install 'gsomia[documents]'",
    ),
}
"""By their English, in Korean and in Japanese."""
