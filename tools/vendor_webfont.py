"""Makes `static/vendor/pretendard-gov/`: the font of the pages, cut into pieces of which a page loads those it needs.

How it is made, so that anybody can make it again (`make vendor`):

1. `npm pack pretendard-gov@1.3.9` gives the archive; its SHA-256 must be the one below.
2. The weights from 400 to 700 of the variable font stay: one file for all of them.
3. The first piece holds ASCII, the signs in our own texts and the syllables that stand most often in our catalogue
   and the demo year's texts; the second the rest of these. The other syllables of KS X 1001, the 2,350 of everyday
   Korean, follow in small pieces, then all 11,172, then Latin letters and signs; Chinese characters
   are left to the reader's own font.
4. `fontface.css` says which piece holds what. Where ranges overlap, browsers ask the last rule first, so the frequent
   pieces stand last and the others may name whole ranges.
5. The first rules there give the reader's own Noto Sans (that of Android) the measures of Pretendard, so that
   nothing moves when the font arrives.

Needs fontTools and brotli, which nothing else here needs: `make vendor` fetches them for the moment. It must not know
the application.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "static" / "vendor" / "pretendard-gov"
PACKAGE = "pretendard-gov@1.3.9"
ARCHIVE_SHA256 = "eed5dc88f4b699bf9543f5c3c77057370f3a541f85f46315b6f2485d2770716c"
FONT = "package/dist/public/variable/PretendardGOVVariable.ttf"
LICENCE = "package/dist/LICENSE.txt"
WEIGHTS = (400, 700)
FAMILY = "Pretendard GOV"

FIRST, LAST = 0xAC00, 0xD7A3
"""Hangul syllables in Unicode."""
FREQUENT = 480
"""The most syllables in a frequent piece."""
EVERYDAY, RARE = 240, 480
"""The most syllables in a piece of KS X 1001, and in one of the rest."""
SCALE = 0.963
"""Width of our Korean catalogue in Pretendard GOV over that in Noto Sans CJK KR 2.004, by their advance widths."""
TEXTS = (
    "ideas_app/translations/ko/LC_MESSAGES/messages.po",
    "ideas_app/cli/demo/**/*.*[ly]",
    "templates/**/*.html",
    "static/css/*/*.css",
)
"""What tells how often a syllable stands, and which signs are used."""


def find_signs(texts: Iterable[str]) -> set[int]:
    """ASCII, and all else in the texts that is neither a syllable nor a Chinese character."""
    return {*range(0x20, 0x7F), *(ord(one) for text in texts for one in text if _is_sign(ord(one)))}


def _is_sign(code: int) -> bool:
    return (
        0x20 <= code < 0x2E80
        or 0x3000 <= code < 0x3040
        or 0x3130 <= code < 0x3190
        or code >= 0xFF00
    )


def rank_syllables(texts: Iterable[str]) -> list[int]:
    """All syllables that occur, the most frequent first; every text counts alike, however long it is."""
    share: collections.Counter[int] = collections.Counter()
    for text in texts:
        found = collections.Counter(ord(one) for one in text if FIRST <= ord(one) <= LAST)
        whole = found.total()
        for code, times in found.items():
            # shares of a million, in whole numbers: the order is the same on every machine
            share[code] += times * 1_000_000 // whole
    return sorted(share, key=lambda code: (-share[code], code))


def cut(known: set[int], signs: set[int], frequent: Sequence[int]) -> list[tuple[list[int], str]]:
    """The pieces in the order of the style sheet: what each holds, and the range that its rule names."""
    often = [set(piece) for piece in _share_out(frequent, FREQUENT)]
    others = {code for code in known if _is_sign(code)} - signs
    rest = [code for code in range(FIRST, LAST + 1) if code not in frequent]
    everyday = [code for code in rest if _is_everyday(code)]
    rare = [code for code in rest if not _is_everyday(code)]
    pieces = [
        (
            {code for code in others if code >= 0x250},
            "U+250-2e7f,U+3000-303f,U+3130-318f,U+ff00-ffff",
        ),
        ({code for code in others if code < 0x250}, "U+a0-24f"),
    ]
    # a rare syllable lies in the range of an everyday piece too, and is looked for there first
    for piece in (*_share_out(rare, RARE), *_share_out(everyday, EVERYDAY)):
        pieces += [(set(piece), f"U+{piece[0]:x}-{piece[-1]:x}")]
    often[0] |= signs
    pieces += [(piece, ranges(piece)) for piece in reversed(often)]
    return [(sorted(codes & known), span) for codes, span in pieces]


def _share_out(codes: Sequence[int], most: int) -> list[Sequence[int]]:
    """Parts of about the same size, none larger than `most`."""
    count = -(-len(codes) // most)
    return [
        codes[len(codes) * one // count : len(codes) * (one + 1) // count] for one in range(count)
    ]


def _is_everyday(code: int) -> bool:
    """Whether a syllable belongs to KS X 1001."""
    try:
        return len(chr(code).encode("euc-kr")) == 2
    except UnicodeEncodeError:
        return False


def ranges(codes: Iterable[int]) -> str:
    """A list of code points as `unicode-range` writes it."""
    spans: list[list[int]] = []
    for code in sorted(set(codes)):
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return ",".join(f"U+{a:x}" if a == b else f"U+{a:x}-{b:x}" for a, b in spans)


def make_piece(font: bytes, codes: Sequence[int]) -> bytes:
    """A font file with these characters only."""
    options = subset.Options()
    options.layout_features = ["kern", "calt", "ccmp", "liga", "locl", "mark", "mkmk", "tnum"]
    options.hinting = False
    piece = TTFont(io.BytesIO(font), recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(piece)
    piece.flavor = "woff2"
    written = io.BytesIO()
    piece.save(written)
    return written.getvalue()


def narrow(font: bytes) -> bytes:
    """The variable font with our weights only."""
    whole = TTFont(io.BytesIO(font), recalcTimestamp=False)
    written = io.BytesIO()
    instancer.instantiateVariableFont(whole, {"wght": WEIGHTS}).save(written)
    return written.getvalue()


def measure(font: bytes) -> str:
    """The rules that give Noto Sans the measures of our font."""
    ours = TTFont(io.BytesIO(font))
    units = ours["head"].unitsPerEm
    above, below = ours["hhea"].ascent / units / SCALE, -ours["hhea"].descent / units / SCALE
    rules = []
    for weight, name in ((400, "Regular"), (700, "Bold")):
        local = [f"Noto Sans CJK KR {name}", f"NotoSansCJKkr-{name}", f"Noto Sans KR {name}"]
        if weight == 400:
            local[1:1] = ["Noto Sans CJK KR", "Noto Sans KR"]
        sources = ",".join(f'local("{one}")' for one in local)
        rules.append(
            f'@font-face{{font-family:"{FAMILY} Fallback";font-weight:{weight};src:{sources};'
            f"size-adjust:{SCALE:.2%};ascent-override:{above:.2%};descent-override:{below:.2%};line-gap-override:0%}}"
        )
    return "\n".join(rules)


def _fetch(folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to fetch the package, or give the archive as an argument")
    subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True)
    return folder / f"{PACKAGE.replace('@', '-')}.tgz"


def _read(bundle: tarfile.TarFile, name: str) -> bytes:
    found = bundle.extractfile(name)
    if found is None:
        sys.exit(f"the archive holds no {name}")
    return found.read()


def main() -> None:
    """Writes the pieces and their style sheet, and says how large they are."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("archive", nargs="?", type=Path, help="the packed npm package")
    archive = parser.parse_args().archive
    with tempfile.TemporaryDirectory() as folder:
        archive = archive or _fetch(Path(folder))
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        if digest != ARCHIVE_SHA256:
            sys.exit(f"{archive}: not the archive that was reviewed (SHA-256 {digest})")
        with tarfile.open(archive) as bundle:
            font, licence = narrow(_read(bundle, FONT)), _read(bundle, LICENCE)
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    (TARGET / "OFL.txt").write_bytes(licence)
    texts = [
        "".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob(pattern)))
        for pattern in TEXTS
    ]
    known = set(TTFont(io.BytesIO(font)).getBestCmap())
    pieces = cut(known, find_signs(texts), rank_syllables(texts))
    rules, sizes = [measure(font)], []
    for number, (codes, span) in enumerate(reversed(pieces)):
        name = f"{number:02}.woff2"
        content = make_piece(font, codes)
        (TARGET / name).write_bytes(content)
        sizes.append(len(content))
        rules.insert(
            1,
            f'@font-face{{font-family:"{FAMILY}";font-weight:{WEIGHTS[0]} {WEIGHTS[1]};font-display:swap;'
            f'src:url(../vendor/pretendard-gov/{name}) format("woff2");unicode-range:{span}}}',
        )
        print(f"{name}: {len(codes)} characters, {len(content):,} bytes")
    (TARGET / "fontface.css").write_text("\n".join(rules) + "\n", encoding="utf-8")
    print(f"{len(sizes)} pieces, {sum(sizes):,} bytes")


if __name__ == "__main__":
    main()
