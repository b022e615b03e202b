"""Which labels are bound to a file by STANAG 4778, and what holds of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.label.bindingfiles import certificates, folder_of, whole
from gsomia.cli.label.labels import instant_of, label, label_in_short, label_value
from gsomia.cli.run import Run, command
from gsomia.cli.say import DONE, REFUSED, Out, Screen

if TYPE_CHECKING:
    from gsomia.documents.bound import Report


@command(label, "bound")
def bound(
    run: Run,
    file: Annotated[Path, typer.Argument(help="A file, or a binding (.bdo, .xmp).")],
    certificate: Annotated[
        list[Path] | None,
        typer.Option("--certificate", help="A signer's certificate in PEM; may be repeated."),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="ISO", help="When certificates must be valid; now unless given."
        ),
    ] = None,
) -> Out:
    """Show the labels bound to a file. Exit code 1 unless there is one and all of it holds.

    With certificates, every binding must be signed by one of them, and its data unchanged.
    """
    from gsomia.documents.bound import differing, find, report
    from gsomia.marking.label.rules import Breach

    signers, when = certificates(certificate), instant_of(at, "--at")
    data, folder = whole(file), folder_of(file.parent)
    found = find(file.name, data, folder)
    if not found.held:
        return _none(run, file)
    reports = [report(held, file.name, data, folder, signers, when) for held in found.held]
    broken = list(differing(reports))
    if found.unread is not None:
        broken.append(Breach("inside_unread", found.unread))
    holds = not broken and all(_holds(one, bool(signers)) for one in reports)
    value: dict[str, Any] = {
        "file": str(file),
        "holds": holds,
        "bindings": [_report_value(run, one) for one in reports],
        "broken": [_broken_value(run, one) for one in broken],
    }
    return Out(value, lambda screen: _show(screen, value), DONE if holds else REFUSED)


def _none(run: Run, file: Path) -> Out:
    from gsomia.cli.label.bindingtexts import rule_text

    text = rule_text(run.words.lang, "no_binding")
    broken = [{"rule": "no_binding", "where": str(file), "text": text}]
    value = {"file": str(file), "holds": False, "bindings": [], "broken": broken}
    return Out(value, lambda screen: _show(screen, value), REFUSED)


def _holds(one: Report, checked: bool) -> bool:
    """Whether a binding breaks no rule, and what was asked about its signatures is proved."""
    from gsomia.documents.bound import Proof
    from gsomia.documents.verifying import Verified

    if one.broken or not checked:
        return not one.broken
    timed = all(s.created is not None for s in one.signatures if isinstance(s, Verified))
    return timed and all(bound.proof is Proof.PROVED for bound in one.bound)


def _broken_value(run: Run, breach: Any) -> dict[str, Any]:
    from gsomia.cli.label.bindingtexts import rule_text

    text = rule_text(run.words.lang, breach.rule)
    return {"rule": breach.rule, "where": breach.where, "text": text}


def _report_value(run: Run, one: Report) -> dict[str, Any]:
    return {
        "place": str(one.place),
        "file": one.name,
        "profile": one.profile,
        "bound": [
            {
                "labels": [label_value(held) for held in bound.labels],
                "data": [{"uri": uri, "state": state} for uri, state in bound.data.items()],
                "proof": str(bound.proof),
            }
            for bound in one.bound
        ],
        "broken": [_broken_value(run, breach) for breach in one.broken],
        "signatures": [_signature_value(s) for s in one.signatures],
    }


def _signature_value(signature: Any) -> dict[str, Any]:
    from gsomia.documents.verifying import Verified

    if not isinstance(signature, Verified):
        return {"holds": False, "why": str(signature.why), "where": signature.where}
    value: dict[str, Any] = {
        "holds": True,
        "signer": signature.signer,
        "certificate": signature.fingerprint,
        "signed_at": signature.created,
    }
    return value if signature.created else {**value, "why": "signature_time"}


def _show(screen: Screen, value: dict[str, Any]) -> None:
    from gsomia.cli.label.bindingtexts import state_text

    lang = screen.words.lang
    for one in value["bindings"]:
        screen.line(f"{one['file']}: {state_text(lang, one['place'])}")
        for bound in one["bound"]:
            for held in bound["labels"]:
                screen.fields(label_in_short(held))
            for line in _data_lines(bound["data"], lang):
                screen.line(line)
            screen.line(f"  {screen.words.label('proof')}: {state_text(lang, bound['proof'])}")
        for signature in one["signatures"]:
            _show_signature(screen, signature)
        for breach in one["broken"]:
            screen.line(f"  {breach['where']}: {breach['text']}")
    for breach in value["broken"]:
        screen.line(f"{breach['where']}: {breach['text']}")


def _data_lines(data: list[dict[str, str]], lang: str) -> Iterator[str]:
    """Each data object with its state, but many in one state together."""
    from gsomia.cli.label.bindingtexts import state_text

    by_state: dict[str, list[str]] = {}
    for one in data:
        by_state.setdefault(one["state"], []).append(_readable(one["uri"]))
    for state, uris in by_state.items():
        more = f" (+{len(uris) - 3})" if len(uris) > 4 else ""
        listed = ", ".join(uris if not more else uris[:3])
        yield f"  {listed}{more}: {state_text(lang, state)}"


def _readable(uri: str) -> str:
    """A URI as people read it: the file's or part's own name, without percent signs."""
    from gsomia.marking.binding.targets import file_name, part_name

    name = file_name(uri) or part_name(uri)
    fragment = uri.partition("#")[2]
    return (name or uri or 'URI=""') + (f"#{fragment}" if name and fragment else "")


def _show_signature(screen: Screen, signature: dict[str, Any]) -> None:
    from gsomia.cli.label.bindingtexts import state_text

    if signature["holds"]:
        names = ("signer", "signed_at", "certificate")
        screen.fields({name: signature[name] for name in names})
    if "why" in signature:
        screen.line(f"  {state_text(screen.words.lang, signature['why'])}")
