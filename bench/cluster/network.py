"""Where hosts stand: network namespaces on a bridge, or addresses of loopback where nobody may make those."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


@dataclass
class Network:
    """A bridge with a plug for each host, as long as the block lasts. `centre`: where databases listen."""

    names: tuple[str, ...]
    real: bool = field(default_factory=lambda: os.geteuid() == 0 and bool(shutil.which("ip")))
    mark: str = field(default_factory=lambda: f"ic{os.getpid() % 10000}")

    def __enter__(self) -> Self:
        if self.real:
            bridge = f"{self.mark}br"
            _ip("link", "add", bridge, "type", "bridge")
            _ip("addr", "add", f"{self.centre}/24", "dev", bridge)
            _ip("link", "set", bridge, "up")
            for name in self.names:
                space, outer, inner = self._space(name), f"{self.mark}{name}", f"{self.mark}{name}i"
                _ip("netns", "add", space)
                _ip("link", "add", outer, "type", "veth", "peer", "name", inner)
                _ip("link", "set", outer, "master", bridge, "up")
                _ip("link", "set", inner, "netns", space)
                _ip("-n", space, "addr", "add", f"{self.address(name)}/24", "dev", inner)
                _ip("-n", space, "link", "set", inner, "up")
                _ip("-n", space, "link", "set", "lo", "up")
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self.real:
            for name in self.names:
                _ip("link", "del", f"{self.mark}{name}", check=False)
                _ip("netns", "del", self._space(name), check=False)
            _ip("link", "del", f"{self.mark}br", check=False)

    def _space(self, name: str) -> str:
        return f"{self.mark}-{name}"

    @property
    def _base(self) -> str:
        return f"10.{77 + os.getpid() % 100}.7" if self.real else "127.0.7"

    @property
    def centre(self) -> str:
        """The address of databases and nginx as hosts see them."""
        return f"{self._base}.1"

    def address(self, name: str) -> str:
        """The address of a host."""
        return f"{self._base}.{11 + self.names.index(name)}"

    def within(self, name: str) -> list[str]:
        """Words before a command that is to run on a host."""
        return ["ip", "netns", "exec", self._space(name)] if self.real else []

    def cut(self, name: str) -> None:
        """Pulls the plug of a host: nobody says no, nothing arrives."""
        _ip("link", "set", f"{self.mark}{name}", "down")

    def join(self, name: str) -> None:
        """Puts the plug back."""
        _ip("link", "set", f"{self.mark}{name}", "up")


def _ip(*words: str, check: bool = True) -> None:
    subprocess.run(["ip", *words], check=check, capture_output=not check)
