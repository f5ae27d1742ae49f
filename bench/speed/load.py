"""Load by wrk: one thread, sixteen connections kept open, every request written by a few lines of Lua.

One thread, so that a counter can give each request its own person and thing; it manages many times what a Python
server can answer. Must not know what is asked for.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.speed.machine import busy_seconds, cpu_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CONNECTIONS = 16
HOW_TO_INSTALL = "wrk is not installed: apt-get install wrk"

_DONE = """
done = function(summary, latency, requests)
  local bad = summary.errors
  io.write(string.format(
    '\\nSLICE{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"longest":%d,"refused":%d,"broken":%d,"bytes":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    bad.status, bad.connect + bad.read + bad.write + bad.timeout, summary.bytes))
end
"""


@dataclass(frozen=True, slots=True)
class Slice:
    """What one turn under load came to. Times in milliseconds; `cpu` is of server and database, per request."""

    requests: int
    rate: float
    p50: float
    p99: float
    longest: float
    cpu: float
    foreign: float
    """Cores that others used meanwhile."""
    refused: int
    """Answers from 400 on, and connections that broke."""
    kilobytes: float


@dataclass(slots=True)
class Target:
    """A server under load: where it listens, the processes that work for it, how far its counters have come."""

    name: str
    port: int
    roots: Callable[[], Sequence[int]]
    read: int = 0
    written: int = 0
    """How far the counters of reading and of writing turns have come: no pair of person and idea comes twice."""
    acknowledged: int = 0
    """Writes that were answered as done, over all turns."""
    cut_off: int = 0
    """Writes at most that were under way when a turn ended: nobody knows what came of them."""


def require_wrk() -> str:
    """The program. Raises `SystemExit` with how to get it."""
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit(HOW_TO_INSTALL)
    return program


def press(target: Target, script: str, seconds: float, *, writes: bool = False) -> Slice:
    """One turn. `script` defines `request`; `FIRST` in it becomes a number that no turn of its kind has reached."""
    program = require_wrk()
    roots = list(target.roots())
    first = target.written if writes else target.read
    with tempfile.TemporaryDirectory() as folder:
        lua = Path(folder) / "load.lua"
        lua.write_text(script.replace("FIRST", str(first)) + _DONE, encoding="utf-8")
        own, all_before, begun = cpu_of(roots), busy_seconds(), time.monotonic()
        with subprocess.Popen(
            [program, "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "60s",
             "-s", str(lua), f"http://127.0.0.1:{target.port}/"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ) as child:  # fmt: skip
            said = child.stdout.read() if child.stdout else ""
            # the load generator is gone after `wait`, and its time with it
            spent = cpu_of([child.pid])
        own_spent, passed = cpu_of(roots) - own, time.monotonic() - begun
        everybody = busy_seconds() - all_before
    lines = [line for line in said.splitlines() if line.startswith("SLICE")]
    if not lines:
        raise RuntimeError(f"wrk said nothing of {target.name}: {said.strip()[-300:]}")
    told = json.loads(lines[0].removeprefix("SLICE"))
    if not told["requests"]:
        # nobody was answered in the whole turn: that long at least an answer takes
        told |= dict.fromkeys(("p50", "p99", "longest"), told["microseconds"])
    passed_by = told["requests"] + 10 * CONNECTIONS
    if writes:
        target.written += passed_by
    else:
        target.read += passed_by
    count = max(told["requests"], 1)
    return Slice(
        requests=told["requests"],
        rate=told["requests"] / (told["microseconds"] / 1e6),
        p50=told["p50"] / 1000,
        p99=told["p99"] / 1000,
        longest=told["longest"] / 1000,
        cpu=1000 * own_spent / count,
        foreign=max(0.0, (everybody - own_spent - spent) / passed),
        refused=told["refused"] + told["broken"],
        kilobytes=told["bytes"] / count / 1024,
    )


# -- scripts -------------------------------------------------------------------------------------

_LINES = """
local function read(name)
  local found = {}
  for line in io.lines(name) do found[#found + 1] = line end
  return found
end
"""
_HEADERS = '{["User-Agent"]="bench",["Accept-Language"]="ko"%s}'


def same_page(path: str, extra: str = "") -> str:
    """The same page again and again; `extra` are more headers, as Lua (`,["Name"]="value"`)."""
    # what the host is called is known once the first request is asked for
    return (
        f'local made\nrequest = function() made = made or wrk.format("GET", "{path}", {_HEADERS % extra})\n'
        "  return made end\n"
    )


_FRESH = """
local function fresh(path, at)
  return path .. (path:find("?", 1, true) and "&" or "?") .. "turn=" .. at
end
"""


def many_pages(paths: Path) -> str:
    """The pages of a file, one after the other, and no address twice: each has a parameter that the service passes
    over, so that nothing kept from an earlier request can answer.
    """
    return (
        f'{_LINES}{_FRESH}local paths = read("{paths}")\nlocal at = FIRST\n'
        f"request = function() at = at + 1; "
        f'return wrk.format("GET", fresh(paths[at % #paths + 1], at), {_HEADERS % ""}) end\n'
    )


def many_pages_signed_in(paths: Path, people: Path) -> str:
    """The pages of a file, each time by the next of the people (`cookie token` a line)."""
    cookie = ',["Cookie"]=people[at % #people + 1]:match("%S+")'
    return (
        f'{_LINES}local paths, people = read("{paths}"), read("{people}")\nlocal at = FIRST\n'
        f"request = function() at = at + 1; "
        f'return wrk.format("GET", paths[at % #paths + 1], {_HEADERS % cookie}) end\n'
    )


_FORM = ',["Content-Type"]="application/x-www-form-urlencoded"'


def supports(people: Path, ideas: Path, *, hot: bool) -> str:
    """Supports as the button sends them: every pair of a person and an idea once.

    Spread, neighbouring requests go to different ideas; hot, all people support one idea before they go to the next.
    """
    where = "turn % #ideas" if hot else "(turn + who * 7) % #ideas"
    headers = _HEADERS % (_FORM + ',["X-Requested-With"]="fetch",["Cookie"]=cookie')
    return (
        f'{_LINES}local people, ideas = read("{people}"), read("{ideas}")\nlocal at = FIRST\n'
        "request = function() at = at + 1\n"
        "  local who, turn = at % #people, math.floor(at / #people)\n"
        '  local cookie, token = people[who + 1]:match("(%S+) (%S+)")\n'
        f'  return wrk.format("POST", "/ideas/" .. ideas[{where} + 1] .. "/support", {headers},\n'
        '    "csrf_token=" .. token)\nend\n'
    )


def bare_votes(ideas: int) -> str:
    """Votes of the bare application, spread over so many ideas, each by somebody new."""
    return (
        "local at = FIRST\nrequest = function() at = at + 1\n"
        f'  return wrk.format("POST", "/vote", {_HEADERS % _FORM},\n'
        f'    "i=" .. (at * 7919 % {ideas} + 1) .. "&u=" .. at)\nend\n'
    )


def mixed(pages: Path, ideas: Path, people: Path, supported: Path) -> str:
    """An evening: mostly lists and ideas, some search, one support in ten."""
    headers = _HEADERS % (_FORM + ',["X-Requested-With"]="fetch",["Cookie"]=cookie')
    signed = _HEADERS % ',["Cookie"]=cookie'
    return (
        f'{_LINES}local pages, ideas = read("{pages}"), read("{ideas}")\n'
        f'local people, supported = read("{people}"), read("{supported}")\nlocal at = FIRST\n'
        "request = function() at = at + 1\n"
        "  local who, turn = at % #people, math.floor(at / #people)\n"
        '  local cookie, token = people[who + 1]:match("(%S+) (%S+)")\n'
        "  local kind = at % 10\n"
        "  if kind == 0 then\n"
        '    return wrk.format("POST", "/ideas/" .. supported[(turn + who * 7) % #supported + 1] .. "/support",\n'
        f'      {headers}, "csrf_token=" .. token)\n'
        "  elseif kind < 5 then\n"
        f'    return wrk.format("GET", pages[at % #pages + 1], {_HEADERS % ""})\n'
        "  elseif kind < 6 then\n"
        f'    return wrk.format("GET", pages[at % #pages + 1], {signed})\n'
        f'  else return wrk.format("GET", ideas[at % #ideas + 1], {_HEADERS % ""}) end\nend\n'
    )
