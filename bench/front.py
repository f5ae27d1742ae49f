"""What a page weighs on a phone: `make bench-front`. Exit 1 where a goal is missed.

Chromium opens pages of the demo year through nginx with the rules of `deploy/`, as somebody does who has never been
here: 360 px wide, a processor four times slower, 1.6 Mbit/s with 150 ms there and back (Lighthouse's "slow 4G").
Bytes are those that went over the wire. Times are medians of some openings and no goals; nothing may move.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from bench.faults.machines import Machines, NotHere
from config import ROOT
from tools.chromium import ADVICE, FLAGS, find_chromium
from tools.demo_house import serve_demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MOST_BYTES = 120_000
"""Of the first view of the list of ideas, without fonts (issue of speed: at most 120 kB)."""
MOST_SHIFT = 0.1
"""Cumulative layout shift that counts as good: web.dev/articles/cls."""
PAGES = ("/", "/ideas", "/ideas/1", "/shortlists", "/answers", "/login")
DOWN, DELAY, SLOWER = 1_638_400 / 8, 150, 4
REPORT = ROOT / "bench" / "REPORT-front.md"
_ABOUT = (
    "The demo year by nginx in Chromium, 360 px wide, 1.6 Mbit/s, 150 ms there and back, a processor four times "
    "slower; taken by `make bench-front`. The list may weigh 120 kB without fonts, and nothing may shift by over 0.1."
)

_WATCH = """
window.seen = {lcp: 0, cls: 0};
new PerformanceObserver(list => { for (const one of list.getEntries()) seen.lcp = one.startTime; })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) seen.cls += one.value;
}).observe({type: "layout-shift", buffered: true});
"""


@dataclass
class Opening:
    """One page opened once: bytes over the wire by kind, requests, milliseconds to the largest paint, shift."""

    requests: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    largest_paint: float = 0.0
    shift: float = 0.0

    @property
    def fonts(self) -> int:
        """Bytes of fonts."""
        return self.sizes.get("Font", 0)

    @property
    def rest(self) -> int:
        """Bytes of everything else."""
        return sum(self.sizes.values()) - self.fonts


def main() -> int:
    """Opens all pages and prints the table; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, prog="make bench-front")
    parser.add_argument("--times", type=int, default=3, help="openings of each page")
    parser.add_argument("--lang", default="ko", choices=("ko", "en"))
    options = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        print(ADVICE, file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory() as folder,
        Machines("sqlite", 0) as machines,
        serve_demo(Path(folder)) as (address, _),
        sync_playwright() as driver,
    ):
        try:
            port = machines.start_nginx(urlsplit(address).port or 80)
        except NotHere as why:
            print(why, file=sys.stderr)
            return 1
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        house = f"http://127.0.0.1:{port}"
        found = {
            path: [_open(browser, house + path, options.lang) for _ in range(options.times)]
            for path in PAGES
        }
        browser.close()
    return _tell(found)


def _open(browser: Browser, address: str, lang: str) -> Opening:
    """Opens a page with nothing kept from before."""
    opening, kinds = Opening(), {}
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="ko-KR" if lang == "ko" else "en-US"
    )
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": DELAY,
            "downloadThroughput": DOWN,
            "uploadThroughput": DOWN / 2,
        },
    )
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    def begun(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]
        opening.requests += 1

    def ended(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        opening.sizes[kind] = opening.sizes.get(kind, 0) + int(event["encodedDataLength"])

    wire.on("Network.requestWillBeSent", begun)
    wire.on("Network.loadingFinished", ended)
    page.add_init_script(_WATCH)
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    seen = page.evaluate("seen")
    opening.largest_paint, opening.shift = float(seen["lcp"]), float(seen["cls"])
    context.close()
    return opening


def table_of(found: dict[str, list[Opening]]) -> list[str]:
    """A line a page: medians of the paints, the worst shift."""
    rows = [
        "| page | requests | kB without fonts | kB of fonts | largest paint (LCP) | layout shift (CLS) |",
        "|---|---|---|---|---|---|",
    ]
    for path, openings in found.items():
        paint = statistics.median(one.largest_paint for one in openings)
        shift = max(one.shift for one in openings)
        first = openings[0]
        rows.append(
            f"| {path} | {first.requests} | {first.rest / 1000:.1f} | {first.fonts / 1000:.1f} "
            f"| {paint / 1000:.2f} s | {shift:.3f} |"
        )
    return rows


def _tell(found: dict[str, list[Opening]]) -> int:
    table = table_of(found)
    print("\n".join(table))
    REPORT.write_text("\n".join([_ABOUT, "", *table, ""]), encoding="utf-8")
    print(f"written to bench/{REPORT.name}; `make bench` joins it to its report")
    heavy = max(one.rest for one in found["/ideas"])
    moved = {
        path for path, openings in found.items() if max(one.shift for one in openings) > MOST_SHIFT
    }
    if heavy > MOST_BYTES:
        print(f"the list of ideas weighs {heavy} bytes, at most {MOST_BYTES} are wanted")
    if moved:
        print(f"parts move while these load: {', '.join(sorted(moved))}")
    return 1 if heavy > MOST_BYTES or moved else 0


if __name__ == "__main__":
    sys.exit(main())
