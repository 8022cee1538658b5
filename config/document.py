"""The settings as a table for docs/settings.md. A test compares the file with what this gives."""

from config.settings import Settings

_HEAD = """# Settings

Environment variables, read once at the start. A wrong or unknown one stops the start with one line that names every fault.
Secrets are never printed. Written by `python -m config.document > docs/settings.md`.

| Variable | Default | Meaning |
|---|---|---|
"""


def settings_page() -> str:
    """The whole page."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = "" if name == "cards" else field.get_default(call_default_factory=True)
        shown = default.get_secret_value() if hasattr(default, "get_secret_value") else default
        rows.append(f"| `PEIBAN_{name.upper()}` | {f'`{shown}`' if shown not in ('', {}, ()) else ''} | {field.description} |")
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(settings_page(), end="")
