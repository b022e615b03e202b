"""Binding a label to a file by STANAG 4778."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.label.bindingfiles import MAX_KEY_FILE, certificates, folder_of, whole
from gsomia.cli.label.labels import label, label_in_short, label_value, load_label
from gsomia.cli.run import Run, command, now
from gsomia.cli.say import REFUSED, Out, Screen
from gsomia.faults import BadInput, shown

if TYPE_CHECKING:
    from gsomia.marking.binding import BindingInformation
    from gsomia.marking.label import Label


class Where(StrEnum):
    """The profiles by which a label can be bound, as options name them."""

    SIDECAR = "sidecar"
    OOXML = "ooxml"
    XMP = "xmp"
    XMP_SIDECAR = "xmp-sidecar"
    REST = "rest"
    ENCAPSULATED = "encapsulated"


_SUFFIX = {Where.SIDECAR: ".bdo", Where.XMP_SIDECAR: ".xmp"}


@command(label, "bind", passphrase=True)
def bind(
    run: Run,
    label_: Annotated[Path, typer.Argument(metavar="LABEL", help="A label of STANAG 4774.")],
    file: Annotated[
        Path | None, typer.Argument(help="The file; none for `--profile rest`.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="A new file; FILE.bdo or FILE.xmp unless given."),
    ] = None,
    profile: Annotated[
        Where, typer.Option("--profile", help="Where the binding stands.")
    ] = Where.SIDECAR,
    key: Annotated[
        Path | None, typer.Option("--key", help="A private key in PEM, to sign with.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", help="The key's certificate in PEM.")
    ] = None,
    add: Annotated[
        bool, typer.Option("--add", help="Keep the labels that are bound, and add this one.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Leave out the binding that is there.")
    ] = False,
) -> Out:
    """Bind a label to a file. The file itself never changes: what is written is new."""
    held = load_label(label_)
    if (key is None) != (certificate is None):
        raise BadInput("--key and --certificate, or neither", "one of them", "--key")
    if add and replace:
        raise BadInput("--add or --replace", "both", "--add")
    if profile is Where.REST:
        return _rest(run, held, file, out, key)
    if file is None:
        raise BadInput("a file to bind the label to", "none", "FILE")
    if key is not None and profile is Where.XMP:
        return _refused(run, "signature_covers", file)
    target = _target(file, out, profile)
    before = _before(file, profile) if profile is not Where.ENCAPSULATED else None
    rule = None if before is None else _against(before, held, add, replace, key is not None)
    if rule is not None:
        return _refused(run, rule, file)
    data = _made(held, file, profile, before if add else None)
    if key is not None and certificate is not None:
        data = _signed(run, data, file, profile, key, certificate)
    return _written(file, target, profile, data)


def _refused(run: Run, rule: str, file: Path) -> Out:
    from gsomia.cli.label.bindingtexts import rule_text

    text = rule_text(run.words.lang, rule)
    value = {"file": str(file), "granted": False, "refused": [{"rule": rule, "text": text}]}

    def show(screen: Screen) -> None:
        screen.line(screen.words("refused", act="label bind", subject=str(file)))
        screen.line(f"  {text}")

    return Out(value, show, REFUSED)


def _rest(run: Run, held: Label, file: Path | None, out: Path | None, key: Path | None) -> Out:
    from gsomia.cli.files import write_out
    from gsomia.marking.binding.header import NAME, for_message, write_header

    if file is not None:
        raise BadInput("no file: the label is bound to the message of the header", "one", "FILE")
    if key is not None:
        return _refused(run, "signature_covers", Path(NAME))
    line = f"{NAME}: {write_header(for_message(held))}"
    if out is not None:
        write_out(out, [f"{line}\n".encode()])
    return Out({"header": line}, lambda screen: screen.raw(f"{line}\n"))


def _target(file: Path, out: Path | None, profile: Where) -> Path:
    """The file to write, which is new. Raises `BadInput`."""
    from gsomia.cli.files import check_new, open_source

    open_source(file, "FILE")[0].close()
    suffix = _SUFFIX.get(profile)
    if out is None:
        if suffix is None:
            raise BadInput("-o FILE: the file itself never changes", "none", "-o")
        out = file.with_name(file.name + suffix)
    elif suffix is not None and out.parent.resolve() != file.parent.resolve():
        raise BadInput("a file in the same folder: the binding names it as ./…", "another", "-o")
    # What stands there may be the binding that is asked about: that comes first.
    if not (suffix is not None and out.name == file.name + suffix):
        check_new(out)
    return out


def _before(file: Path, profile: Where) -> BindingInformation | None:
    """The binding that stands where the new one will. Raises `BadInput`."""
    from gsomia.documents.bound import Place, find

    wanted = {Where.SIDECAR: Place.BESIDE, Where.XMP_SIDECAR: Place.XMP_BESIDE}
    place = wanted.get(profile, Place.INSIDE)
    data = whole(file) if place is Place.INSIDE else None
    found = find(file.name, data, folder_of(file.parent))
    return next((held.info for held in found.held if held.place is place), None)


def _against(
    before: BindingInformation, held: Label, add: bool, replace: bool, signs: bool
) -> str | None:
    """The rule against writing over, or adding to, a binding; or None."""
    from gsomia.documents.bound import labels_of
    from gsomia.marking.label.model import Root

    if not add and not replace:
        return "bound_already"
    roots = {one.root for one in labels_of(before)}
    if replace and Root.ORIGINATOR in roots and held.root is not Root.ORIGINATOR:
        return "originator_stays"
    if add and held.root is not Root.ALTERNATIVE and held.root in roots:
        return "originator_stays"
    return "signature_lost" if add and before.signatures and not signs else None


def _made(held: Label, file: Path, profile: Where, before: BindingInformation | None) -> bytes:
    """The bytes of the binding, unsigned."""
    from gsomia.cli.files import read_small
    from gsomia.documents import MAX_FILE, embedded
    from gsomia.documents.bound import media_type
    from gsomia.marking import binding as b
    from gsomia.marking.binding.reading import LIMITS
    from gsomia.marking.binding.targets import beside

    where = shown(str(file))
    if before is not None:
        return b.write(b.add(before, held))
    if profile is Where.ENCAPSULATED:
        return b.encapsulate([held], read_small(file, where, LIMITS.size), where)
    if profile in _SUFFIX:
        named = b.Reference(uri=beside(file.name), content_type=media_type(file.name))
        own = b.Profile.SIDECAR if profile is Where.SIDECAR else b.Profile.XMP
        return b.write(b.bind([held], [named], own))
    data = read_small(file, where, MAX_FILE)
    kind = embedded.format_of(data)
    if kind is None or (kind.profile is b.Profile.OOXML) != (profile is Where.OOXML):
        expected = {Where.OOXML: "an Office Open XML file", Where.XMP: "a PDF, JPEG or PNG file"}
        raise BadInput(f"{expected[profile]} for this profile, or a sidecar", "another", where)
    return embedded.bind_inside(data, [held], where)


def _signed(
    run: Run, data: bytes, file: Path, profile: Where, key: Path, certificate: Path
) -> bytes:
    from gsomia.cli.files import read_small
    from gsomia.documents.bound import resolver
    from gsomia.documents.signing import load_key, sign

    where = shown(str(key))
    held = load_key(read_small(key, where, MAX_KEY_FILE), run.passphrase, where)
    inside = whole(file) if profile is Where.OOXML else None
    resolve = resolver(inside, folder_of(file.parent))
    return sign(data, held, certificates([certificate]), resolve, now(), shown(file.name))


def _written(file: Path, target: Path, profile: Where, data: bytes) -> Out:
    from gsomia.cli.files import read_small, write_out
    from gsomia.documents import MAX_FILE, embedded
    from gsomia.documents.bound import labels_of
    from gsomia.marking.binding import read, xmp

    info = read(data)
    made = data
    if profile is Where.XMP_SIDECAR:
        made = xmp.write_packet(data)
    elif profile in (Where.OOXML, Where.XMP):
        where = shown(str(file))
        made = embedded.write_binding(read_small(file, where, MAX_FILE), data, where)
    write_out(target, [made])
    value: dict[str, Any] = {
        "file": str(target),
        "profile": info.profile,
        "signed": bool(info.signatures),
        "labels": [label_value(held) for held in labels_of(info)],
        "data": [uri for binding in info.bindings for uri in binding.uris],
    }
    short = [label_in_short(held) for held in value["labels"]]
    return Out(value, lambda screen: screen.fields({**value, "labels": short}))
