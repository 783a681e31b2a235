"""The starters for macOS (`.command`) and Linux (`.sh`, and a `.desktop` that opens it in a terminal)."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.desk.words import HOW_TO_INSTALL, STOPPED

_SCRIPT = r"""#!/bin/sh
# Made by `perfxl init`, which renews it.
name=${0##*/}
PERFXL_STARTER=${name%.*}
export PERFXL_STARTER
case $0 in
*/*) cd "${0%/*}/" || exit 1 ;;
esac
# The year's folder is this one, or above where the starter stands in a folder of starters.
for place in . @ABOVE@; do
  if [ -d "$place/workbook_templates" ]; then
    cd -P "$place" || exit 1
    break
  fi
done
# Ctrl-C ends perfxl and leaves the window.
trap : INT

kind=
try() {
  if [ -n "$kind" ] || [ ! -x "$1" ] || [ -d "$1" ]; then return; fi
  program=$1
  case ${1##*/} in
  python*) if "$1" -P -m perfxl --version >/dev/null 2>&1; then kind=python; fi ;;
  *) if "$1" --version >/dev/null 2>&1; then kind=program; fi ;;
  esac
}

if [ -f .perfxl/program.txt ]; then try "$(cat .perfxl/program.txt)"; fi
try "$PWD/.venv/bin/python"
try "$PWD/perfxl-venv/bin/python"
try "${XDG_DATA_HOME:-$HOME/.local/share}/perfxl/perfxl-venv/bin/python"
try "$HOME/.local/share/perfxl/perfxl-venv/bin/python"
try "$HOME/Library/Application Support/perfxl/perfxl-venv/bin/python"
try "$(command -v perfxl)"
try "$(command -v python3)"

case $kind in
python) "$program" -P -m perfxl @ARGUMENTS@ ;;
program) "$program" @ARGUMENTS@ ;;
*)
  cat <<'WORDS'
@NOT_FOUND@
WORDS
  (exit 1)
  ;;
esac
status=$?
if [ "$status" -gt 3 ]; then
  cat <<'WORDS'
@STOPPED@
WORDS
fi
if [ -t 0 ]; then read -r _; fi
exit "$status"
"""

_OPENS = (
    # %k is a path in some desktops, an address in others, and nothing where none is known.
    "f=${1:-@NAME@.desktop};"
    " case $f in file://*)"
    ' f=$(printf %b "$(printf %s "${f#file://}" | sed \'s/%/\\\\x/g\')");;'
    " esac;"
    ' exec sh "${f%.desktop}.sh"'
)
_KEYS = """[Desktop Entry]
Type=Application
Version=1.0
Name={name}
Comment={comment}
Icon=utilities-terminal
Terminal=true
StartupNotify=false
Exec={exec}
"""


def script(arguments: Sequence[str], above: Sequence[int]) -> bytes:
    """The shell script that calls perfxl with the arguments, plain ASCII words without blanks.

    above: how many folders above its own the year's folder may be, where it is not its own.
    """
    places = " ".join("/".join([".."] * count) for count in above)
    text = _SCRIPT.replace("@ARGUMENTS@", " ".join(arguments)).replace("@ABOVE@", places)
    return text.replace("@NOT_FOUND@", HOW_TO_INSTALL).replace("@STOPPED@", STOPPED).encode()


def desktop_entry(name: str, comment: str) -> bytes:
    """The desktop entry that runs the script beside it, wherever both stand."""
    opens = _OPENS.replace("@NAME@", name)
    call = f"bash -c {_argument(opens)} perfxl %k"
    # The value of a key has escapes of its own.
    return _KEYS.format(name=name, comment=comment, exec=call.replace("\\", "\\\\")).encode()


def _argument(text: str) -> str:
    """A quoted argument of an Exec line."""
    for sign in '\\"`$':
        text = text.replace(sign, f"\\{sign}")
    return f'"{text.replace("%", "%%")}"'
