"""Types read for the first time by several threads at once: no process ends of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROUNDS = 40
"""Without the guard, the first of them ends the process nearly always."""

PROGRAM = """
import sys, threading, types
from gsomia import shapes
import msgspec

sys.setswitchinterval(1e-6)
FORM, ROUNDS = sys.argv[1], int(sys.argv[2])
SOURCE = ["from __future__ import annotations", "import msgspec"]
for depth in range(8):
    inner = f"C{depth + 1}" if depth < 7 else "int"
    SOURCE.append(
        f"class C{depth}(msgspec.Struct): a: tuple[{inner}, ...]; b: dict[str, {inner}]"
    )
plain = {"a": [], "b": {}}
for _ in range(6):
    plain = {"a": [plain], "b": {"x": plain}}

def fresh():
    module = types.ModuleType(f"round{len(sys.modules)}")
    sys.modules[module.__name__] = module
    exec("\\n".join(SOURCE), module.__dict__)
    return module

READ = {
    "json": (shapes.from_json, msgspec.json.encode(plain)),
    "msgpack": (shapes.from_msgpack, msgspec.msgpack.encode(plain)),
    "plain": (shapes.from_plain, plain),
    "reader": (lambda data, type_: shapes.json_reader(type_).decode(data), None),
}
read, value = READ[FORM]
value = value or msgspec.json.encode(plain)
done = []
for _ in range(ROUNDS):
    module, together = fresh(), threading.Barrier(4)
    def go(type_):
        together.wait()
        done.append(msgspec.to_builtins(read(value if type_ is module.C0 else inner, type_)))
    # Two read the whole, two a type inside it.
    inner = plain["a"][0]
    if FORM in ("json", "reader"):
        inner = msgspec.json.encode(inner)
    if FORM == "msgpack":
        inner = msgspec.msgpack.encode(inner)
    threads = [threading.Thread(target=go, args=(t,)) for t in [module.C0, module.C1] * 2]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
assert len(done) == ROUNDS * 4
"""


@pytest.mark.parametrize("form", ["json", "msgpack", "plain", "reader"])
def test_threads_that_read_a_type_first_at_once(form: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    ended = subprocess.run(
        [sys.executable, str(program), form, str(ROUNDS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
