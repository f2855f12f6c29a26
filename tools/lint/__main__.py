"""`python -m tools.lint`: run the house's own rules over the tree and end with 1 when one is broken."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.lint.rules import RULES, Finding


def list_files(root: Path) -> list[Path]:
    """Return the files that git knows or would take, below the folders we write ourselves."""
    listed = subprocess.run(
        [
            "git",
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "senet",
            "tests",
            "benchmarks",
            "tools",
            "docs",
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [root / name for name in listed.splitlines() if (root / name).is_file()]


def check(root: Path) -> list[Finding]:
    """Return what breaks a rule."""
    findings: list[Finding] = []
    for path in list_files(root):
        name = str(path.relative_to(root))
        if not name.endswith((".py", ".sql", ".md")):
            continue
        text = path.read_text(encoding="utf-8")
        findings += [finding for rule in RULES for finding in rule(name, text)]
    return findings


def main() -> int:
    """Print the findings."""
    findings = check(Path(__file__).resolve().parent.parent.parent)
    for finding in findings:
        print(f"{finding.path}:{finding.line}: {finding.message}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
