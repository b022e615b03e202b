"""Nodes founded on a ministry's own pack: what they run, what they refuse, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gsomia.agreement.pack import agreed_digest, load_pack, shipped_file
from tests.doors.nodes import Desk
from tests.doors.scripts import gsomia

SHIPPED = "rok-us-exercise"
OWN = "rok-us-own"


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    """A pack of one's own with its instruments beside it, like a shipped one but for `changes`."""
    for suffix in (".yaml", ".instruments.yaml"):
        text = shipped_file(SHIPPED, suffix).decode().replace(SHIPPED, OWN)
        for old, new in changes if suffix == ".yaml" else ():
            assert old in text
            text = text.replace(old, new)
        (folder / f"{OWN}{suffix}").write_text(text)
    return folder / f"{OWN}.yaml"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("own")
    pack = written(folder, ("\ntitle: ", "\ntitle: Our own "))
    made = Desk(folder, "KOR", "Ministry of National Defense", agreement=f"--pack {pack}")
    made.start()
    yield made
    made.stop()


def test_a_node_runs_the_pack_it_was_founded_on(desk: Desk) -> None:
    """The node keeps the text itself: the file may go."""
    held = load_pack((desk.folder / f"{OWN}.yaml").read_bytes(), OWN)
    (desk.folder / f"{OWN}.yaml").rename(desk.folder / "gone")
    shown = desk.run(f"agreement show {OWN} --recorded")
    assert (shown["title"], shown["agreed_digest"]) == (held.title, agreed_digest(held))
    assert held.title.startswith("Our own")
    found = desk.run(f"agreement status {OWN} --recorded --as-of 2026-03-02T00:00:00Z")
    assert (found["status"], found["transfer"]) == ("in_force", True)
    assert desk.run(f"agreement deadlines {OWN}")["agreement"] == OWN
    assert desk.run(f"agreement policy {OWN}")["policy"] == "second_pair"
    supposed = f"agreement what-if {OWN} --notice-by KOR"
    assert desk.run(supposed)["items"] == {"registered": 0}


def test_what_a_node_holds_outlives_a_restart_and_is_known_of_a_past_day(desk: Desk) -> None:
    desk.stop()
    desk.run(f"node rebuild {desk.node}")
    desk.start()
    assert desk.run(f"agreement show {OWN} --recorded")["id"] == OWN
    assert desk.call(f"agreement show {OWN} --json").returncode == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("\nresidual:", "\nsurprise: 1\nresidual:"), "unknown field `surprise`"),
        (("code: KOR\n", "code: KORE\n"), "three capital letters"),
    ],
)
def test_no_node_is_founded_on_a_pack_with_a_fault(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    pack = written(tmp_path, change)
    done = gsomia(*founding(tmp_path, "--pack", str(pack)))
    assert (done.returncode, (tmp_path / "node").exists()) == (2, False)
    assert said in done.stderr.decode()


def test_a_pack_without_an_article_that_rules_cite_runs_on_no_node(tmp_path: Path) -> None:
    """What a node refuses names its article: there must be one."""
    pack = Path(__file__).parents[1] / "vectors/agreement-pack/good/minimal.yaml"
    done = gsomia(*founding(tmp_path, "--pack", str(pack)))
    assert (done.returncode, (tmp_path / "node").exists()) == (2, False)
    assert "expected every article that a rule cites, got no Art. 4(1)" in done.stderr.decode()


def test_a_node_needs_an_agreement_and_each_once(tmp_path: Path) -> None:
    pack = str(written(tmp_path))
    for options, got in (((), "none"), (("--pack", pack, "--agreement", OWN), "one twice")):
        done = gsomia(*founding(tmp_path, *options))
        assert done.returncode == 2
        assert f"each agreement once, got {got}" in done.stderr.decode()


def founding(folder: Path, *options: str) -> tuple[str, ...]:
    """The words that found a node; the officer's key is looked at after the pack."""
    (folder / "key.pub").write_text("no statement")
    secret = folder / "secret"
    secret.touch(0o600)
    secret.write_bytes(b"s" * 32)
    words = (
        f"node init {folder / 'node'} --party KOR --registry KOR-DIH1 --name kor.example"
        f" --officer-key {folder / 'key.pub'} --officer-id P-1 --officer-name First"
        f" --secret-file {secret} --authority Ministry"
    )
    return (*words.split(), *options)


def test_questions_without_a_node_take_a_file(tmp_path: Path) -> None:
    """A pack in the making is looked at before any node is founded on it."""
    pack = str(written(tmp_path))
    at = ("--as-of", "2026-03-02T00:00:00Z")
    for words in (
        ("agreement", "show", pack),
        ("agreement", "status", pack, *at),
        ("agreement", "deadlines", pack, *at),
        ("agreement", "timeline", pack, *at),
        ("agreement", "what-if", pack, "--notice-by", "KOR", "--at", at[1]),
        ("equivalent", "--agreement", pack, "--from", "KOR", "--to", "USA", "군사II급비밀"),
    ):
        done = gsomia(*words, "--json")
        assert done.returncode == 0, (words, done.stderr)
    done = gsomia("agreement", "status", str(tmp_path / "none.yaml"), "--json")
    assert done.returncode == 2


GOOD = shipped_file(SHIPPED, ".yaml")
CHECKED: list[tuple[str, bytes | None, int, str]] = [
    ("good", GOOD, 0, "no fault"),
    ("with-bom", b"\xef\xbb\xbf" + GOOD, 0, "no fault"),
    ("a-wrong-fact", GOOD.replace(b"days: 90", b"days: 0"), 1, "f.yaml:191: expected 1 to 3660"),
    ("a-wrong-type", GOOD.replace(b"days: 90", b"days: x"), 1, "f.yaml:191: "),
    ("no-yaml", GOOD.replace(b"[both]", b"[both"), 1, "expected well-formed YAML"),
    ("an-anchor", GOOD.replace(b"[both]", b"&a [both]"), 1, "expected no anchors"),
    ("a-key-twice", GOOD + b"id: again\n", 1, "f.yaml:278: expected each key once"),
    ("no-format", b"id: x\n", 1, "got no format"),
    ("empty", b"", 1, "got an empty file"),
    ("no-utf-8", b"\xff\xfe", 1, "expected UTF-8 text"),
    ("too-large", GOOD + b"#" * (256 << 10), 1, "expected at most 262144 bytes, got 270085"),
    ("far-too-large", b"#" * (3 << 20), 1, "expected at most 262144 bytes, got 3145728"),
    ("missing", None, 2, "no such file"),
]


@pytest.mark.parametrize(
    ("data", "code", "said"), [c[1:] for c in CHECKED], ids=[c[0] for c in CHECKED]
)
def test_a_check_exits_1_for_what_a_file_holds_and_2_for_no_file(
    tmp_path: Path, data: bytes | None, code: int, said: str
) -> None:
    if data is not None:
        (tmp_path / "f.yaml").write_bytes(data)
    done = gsomia("agreement", "check", "f.yaml", cwd=tmp_path)
    assert (done.returncode, said in (done.stdout + done.stderr).decode()) == (code, True), done


def test_a_folder_is_no_file_to_check(tmp_path: Path) -> None:
    assert gsomia("agreement", "check", str(tmp_path)).returncode == 2
