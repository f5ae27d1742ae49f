#!/usr/bin/env python3
"""A small client of the service, for any Python from 3.9 on and nothing else.

    export IDEAS_URL=https://ideas.example.org IDEAS_TOKEN=ya_...
    python client.py ideas --campaign ideas-2026 --sort new --most 50
    python client.py submit --campaign ideas-2026 --field move --title "..." --why "..."
    python client.py support 149
    python client.py shortlist 1

Reading needs no token. Make one in the settings of your account: it is shown once. It is read from the environment,
so that it stands in no command and no history. Lists are read over all their pages. Where the service asks to wait
(429, 503), the client waits as long as it says and asks again; an idea that is sent again under the same key is not
sent twice.

Take it as a beginning: `Client` is all there is to the interface, the commands below are its use.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

AGAIN = frozenset({429, 503})
"""Answers after which the same request may do."""
TRIES = 5
WAIT = 2.0
"""Seconds before the next try where the service does not say."""
LONGEST_WAIT = 120.0
TIMEOUT = 30.0


class Problem(Exception):
    """What the service did not do, and why: `code` for programs, `detail` and `errors` for people."""

    def __init__(self, status: int, told: dict[str, Any]) -> None:
        self.status = status
        self.code = str(told.get("code", ""))
        self.detail = str(told.get("detail") or told.get("title") or f"HTTP {status}")
        self.errors = list(told.get("errors", ()))
        super().__init__(f"{self.code}: {self.detail}")


class Client:
    """Asks the API below `base`/api/v1. `sleep` waits; tests give another one."""

    def __init__(
        self,
        base: str,
        token: str = "",
        *,
        language: str = "ko",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.root = base.rstrip("/") + "/api/v1"
        self.headers = {"Accept": "application/json", "Accept-Language": language}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"
        self.sleep = sleep

    # -- what one asks for ---------------------------------------------------------------------------

    def ideas(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """Every idea that the filters leave, page after page."""
        return self.items("/ideas", **filters)

    def submit(self, key: str = "", **idea: Any) -> dict[str, Any]:
        """Sends an idea; the idea as the service has it. Give a `key` of your own to try again after a crash."""
        return self.ask("POST", "/ideas", body=idea, key=key)

    def support(self, idea_id: int) -> dict[str, Any]:
        """Supports an idea, once however often it is asked: `supports` and `supported`."""
        return self.ask("PUT", f"/ideas/{idea_id}/support")

    def take_support_back(self, idea_id: int) -> dict[str, Any]:
        """Takes the support of an idea back."""
        return self.ask("DELETE", f"/ideas/{idea_id}/support")

    def shortlist(self, round_id: int) -> dict[str, Any]:
        """A published shortlist with its places in their order."""
        return self.ask("GET", f"/shortlists/{round_id}")

    # -- how it is asked -----------------------------------------------------------------------------

    def items(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """The entries of a list: `next` of each page is the `cursor` of the one after it."""
        asked = {name: value for name, value in query.items() if value is not None}
        while True:
            page = self.ask("GET", path, query=asked)
            yield from page["items"]
            if page["next"] is None:
                return
            asked["cursor"] = page["next"]

    def ask(
        self, method: str, path: str, *, query: Any = None, body: Any = None, key: str = ""
    ) -> dict[str, Any]:
        """One request, asked again where that is asked for. Raises `Problem`, or `OSError` for a service that
        cannot be reached.
        """
        address = self.root + path + (f"?{urlencode(query)}" if query else "")
        headers = dict(self.headers)
        data = None
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        if method == "POST":
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        for left in reversed(range(TRIES)):
            request = Request(address, data=data, headers=headers, method=method)  # noqa: S310
            try:
                with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
                    return dict(json.load(answer))
            except HTTPError as error:
                with error:
                    told = _told(error.read())
                if error.code not in AGAIN or not left:
                    raise Problem(error.code, told) from None
                self.sleep(_seconds(error.headers.get("Retry-After")))
            except (URLError, ConnectionError, TimeoutError):
                # every act here is safe to repeat: a PUT and a DELETE by themselves, a POST by its key
                if not left:
                    raise
                self.sleep(WAIT)
        raise AssertionError


def _told(raw: bytes) -> dict[str, Any]:
    """The problem in an answer; a proxy's own page of a fault holds none."""
    try:
        told = json.loads(raw)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _seconds(given: str | None) -> float:
    """What `Retry-After` says, within reason."""
    if given is None or not given.isdigit():
        return WAIT
    return min(float(given), LONGEST_WAIT)


# -- the commands ------------------------------------------------------------------------------------


def list_ideas(client: Client, wish: argparse.Namespace) -> None:
    """Prints ideas, one a line."""
    filters = {name: getattr(wish, name) for name in ("q", "campaign", "field", "state", "sort")}
    for place, idea in enumerate(client.ideas(limit=min(wish.most, 100), **filters)):
        if place == wish.most:
            return
        supports = "-" if idea["supports"] is None else idea["supports"]
        print(f"{idea['id']:>6}  {idea['number']}  {supports:>5}  {idea['title']}")


def submit(client: Client, wish: argparse.Namespace) -> None:
    """Sends an idea and prints where it stands."""
    names = ("campaign", "title", "why", "how", "field", "programme", "neighbourhood")
    idea = {name: getattr(wish, name) for name in names if getattr(wish, name) is not None}
    made = client.submit(wish.key, **idea)
    print(f"{made['id']}  {made['number']}  {made['state']}  {made['url']}")


def support(client: Client, wish: argparse.Namespace) -> None:
    """Supports an idea, or takes that back."""
    told = (client.take_support_back if wish.back else client.support)(wish.idea)
    print(json.dumps(told))


def shortlist(client: Client, wish: argparse.Namespace) -> None:
    """Prints a shortlist in its order."""
    told = client.shortlist(wish.round)
    print(f"{told['campaign']}: {told['rule']}, {told['ballots']} ballots, {told['seats']} seats")
    for entry in told["entries"]:
        print(f"{entry['rank']:>3}  {entry['approvals']:>5}  {entry['title']}")


def parser() -> argparse.ArgumentParser:
    """The commands and what they take."""
    made = argparse.ArgumentParser(
        description="Reads and acts on ideas of the youth of a city.",
        epilog="IDEAS_URL and IDEAS_TOKEN are read from the environment.",
    )
    made.add_argument("--language", choices=("ko", "en"), default="ko", help="of messages")
    commands = made.add_subparsers(dest="command", required=True)

    one = commands.add_parser("ideas", help="list ideas", description=list_ideas.__doc__)
    for name in ("q", "campaign", "field", "state", "sort"):
        one.add_argument(f"--{name}", help="as in the list of the page")
    one.add_argument("--most", type=int, default=20, help="so many at most (20)")
    one.set_defaults(run=list_ideas)

    one = commands.add_parser("submit", help="send an idea", description=submit.__doc__)
    for name in ("campaign", "title", "why", "field"):
        one.add_argument(f"--{name}", required=True)
    for name in ("how", "programme", "neighbourhood"):
        one.add_argument(f"--{name}")
    one.add_argument("--key", default="", help="the same key sends the same idea once")
    one.set_defaults(run=submit)

    one = commands.add_parser("support", help="support an idea", description=support.__doc__)
    one.add_argument("idea", type=int)
    one.add_argument("--back", action="store_true", help="take the support back")
    one.set_defaults(run=support)

    one = commands.add_parser("shortlist", help="print a shortlist", description=shortlist.__doc__)
    one.add_argument("round", type=int)
    one.set_defaults(run=shortlist)
    return made


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; 1 where the service said no, 2 where it cannot be reached."""
    wish = parser().parse_args(arguments)
    base = os.environ.get("IDEAS_URL", "http://127.0.0.1:8000")
    client = Client(base, os.environ.get("IDEAS_TOKEN", ""), language=wish.language)
    try:
        wish.run(client, wish)
    except Problem as problem:
        print(f"{problem.code}: {problem.detail}", file=sys.stderr)
        for each in problem.errors:
            print(f"  {each['field']}: {each['detail']}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{base} cannot be reached: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
