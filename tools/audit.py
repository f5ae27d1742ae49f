"""Asks the advisory services for known holes of what is locked: `make audit`. Exit 1 where there is one.

Says how many packages were asked about. Where no service can be reached it ends with 0 and says so: that is no
finding, and no clean bill either.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-test.txt")


def main() -> int:
    """The exit status."""
    return max(_audit(lock) for lock in LOCKS)


def _audit(lock: str) -> int:
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(ROOT / lock)]
    command += [
        "--require-hashes",
        "--disable-pip",
        "--progress-spinner",
        "off",
        "--format",
        "json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        packages = []
    asked = [package for package in packages if "skip_reason" not in package]
    if not asked:
        print(f"{lock}: no advisory service can be reached from here; nothing was checked")
        return 0
    holes = [
        f"  {package['name']} {package['version']}: {hole['id']}, mended in {hole['fix_versions']}"
        for package in asked
        for hole in package["vulns"]
    ]
    print(f"{lock}: {len(asked)} of {len(packages)} packages asked about, {len(holes)} known holes")
    print(*holes, sep="\n", end="\n" if holes else "")
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main())
