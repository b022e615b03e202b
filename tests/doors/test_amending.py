"""An amended text by the command line, on two real nodes: who brings it in, and what passes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from gsomia.agreement.instrumentfile import load_instruments
from gsomia.agreement.pack import agreed_digest, load_pack, shipped, shipped_file
from gsomia.exchange.notices import InstrumentTold
from tests.doors.nodes import AGREEMENT, Desk, two_sides

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("amending")]

NOTE = """\
format: gsomia/instruments/v1
agreement: rok-japan-2016
instruments:
  - id: amendment-{party}
    kind: amendment
    channel: diplomatic
    issuers:
      - {{party: {party}, role: treaty_note_authority, name: foreign ministry}}
    form: note verbale
    title: Consent to the amendment
    handed_over: "2020-03-02T10:00:00Z"
    source: made up
    verified: true
"""
ADDED = """
  - number: 22
    title: Added by an amendment
    bound: [both]
    summary: Made up for a test.
    source: made up
    verified: false
"""
BRING_IN = (
    f"agreement amend {AGREEMENT} amended.yaml --from 2020-04-01"
    " --instrument amendment-JPN --instrument amendment-KOR"
)


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Desk]]:
    folder = tmp_path_factory.mktemp("amending")
    old = shipped_file(AGREEMENT, ".yaml").decode()
    new = old.replace("\nentry_into_force:", ADDED + "\nentry_into_force:")
    assert agreed_digest(load_pack(new.encode(), "new")) != agreed_digest(shipped(AGREEMENT))
    (folder / "amended.yaml").write_text(new)
    for party in ("JPN", "KOR"):
        (folder / f"{party}.yaml").write_text(NOTE.format(party=party))

    def staff(desk: Desk) -> None:
        for person in ("P-6", "P-7"):
            desk.appoint(person, "treaty-desk")

    with two_sides(folder, staff) as both:
        yield both


def test_two_officers_amend_and_nothing_passes_until_both_sides_have(
    sides: tuple[Desk, Desk],
) -> None:
    kor, jpn = sides
    assert kor.call(f"{BRING_IN} --json", "P-6").returncode == 2  # no paper is on record
    for desk in sides:
        for party in ("JPN", "KOR"):
            desk.run(f"instrument record {party}.yaml", "P-6")
    one = BRING_IN.replace(" --instrument amendment-KOR", "")
    assert kor.refused(one, "P-6") == ["every_party_consented"]
    assert kor.refused(BRING_IN, "P-1") == ["actor_is_appointed"]
    assert kor.run(BRING_IN, "P-6")["state"] == "proposed"
    assert kor.refused(BRING_IN, "P-6") == ["brought_in_by_another_person"]
    assert kor.run(BRING_IN, "P-7")["state"] == "amended"

    # Only the text itself can be told now; the next notice of anything else is refused.
    assert tell(kor, jpn) == "refused"
    kor.run(f"agreement tell-text {AGREEMENT}", "P-6")
    found = jpn.wait(lambda: differences(jpn))
    assert "articles" in {row["field"].partition(".")[0] for row in found}
    for person in ("P-6", "P-7"):
        jpn.run(BRING_IN, person)
    assert differences(jpn) == []
    assert tell(kor, jpn) == "delivered"


def differences(desk: Desk) -> list[dict[str, Any]]:
    said = desk.call(f"agreement difference {AGREEMENT} --json").stdout
    told = json.loads(said)["told"]
    return [row for one in told for row in one["differences"]]


def tell(desk: Desk, other: Desk) -> str:
    """What becomes of a notice about one of the papers."""
    papers = load_instruments((desk.folder / "KOR.yaml").read_bytes(), "KOR", shipped(AGREEMENT))
    about = InstrumentTold(papers[0])
    number = desk.officer("P-6").notify(other.registry, AGREEMENT, about).told["number"]

    def settled() -> str:
        (row,) = (r for r in desk.rows("transmittal list") if r["number"] == number)
        return "" if row["state"] in ("ordered", "sealed") else str(row["state"])

    return str(desk.wait(settled))
