"""What serving the web costs at start: nothing heavy is imported for it."""

import subprocess
import sys

_HEAVY = ("pandas", "matplotlib", "plotly", "polars", "torch", "sentence_transformers", "chromadb", "IPython")


def test_the_pages_bring_no_heavy_library_along() -> None:
    program = f"import sys, bot.web.server; print([name for name in {_HEAVY!r} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60).stdout
    assert loaded.strip() == "[]"


def test_making_a_link_brings_no_page_framework_along() -> None:
    program = "import sys, bot.web.identity; print([name for name in ('nicegui', 'fastapi') if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60).stdout
    assert loaded.strip() == "[]"
