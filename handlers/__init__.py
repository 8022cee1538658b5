"""One intent per file. A handler reads through `Lookups` and returns effects; it never sends, writes, asks the time or calls another.

`customer/`, `rm/` and `staff/` hold the handlers by audience; `handler` is the seam, `routing` chooses, `forms` fills slots. Handlers do
not know each other (import contract). `discovery.all_handlers()` finds every file, sorted; `python -m bot inventory` lists them.
"""
