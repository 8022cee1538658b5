#!/usr/bin/env bash
# Remakes run.lock and dev.lock from pyproject.toml. torch is pinned in torch.txt and left out: it is the one line without a hash.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3.11 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet pip-tools
compile() {
    "$scratch/venv/bin/pip-compile" --quiet --generate-hashes --no-emit-find-links --no-emit-trusted-host --no-emit-index-url\
        --strip-extras --unsafe-package torch --unsafe-package pip --no-header --no-annotate "$@" pyproject.toml
}
compile --output-file "$scratch/run"
grep -oE '^[a-zA-Z0-9_.-]+==[^ ]+' "$scratch/run" >"$scratch/constraints"
compile --extra dev --constraint "$scratch/constraints" --output-file "$scratch/all"
python3.11 - "$scratch" <<'PY'
import re
import sys
from pathlib import Path

scratch = Path(sys.argv[1])
# A block is a pin with its hashes; its name is what stands before "==".
pins = {kind: re.findall(r"(?m)^[a-zA-Z0-9_.-]+==.*\n(?:[ \t].*\n)*", (scratch / kind).read_text()) for kind in ("run", "all")}
blocks = {kind: {block: block.partition("==")[0] for block in found} for kind, found in pins.items()}
run = "".join(blocks["run"])
names = set(blocks["run"].values())
dev = "".join(block for block, name in blocks["all"].items() if name not in names)
Path("requirements/run.lock").write_text("# What the product needs, every file with its hash; torch has its own line in torch.txt. Made by `make lock`.\n" + run)
Path("requirements/dev.lock").write_text("# Development and test tools, on top of run.lock. Made by `make lock`.\n" + dev)
PY
