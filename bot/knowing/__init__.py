"""What the nightly run knows, for `bot.lookups`: one file per kind of knowledge. Whether the viewer may see it is decided there."""
