"""Files of the bank become the book and the facts. `docs/data-contract.md` says what the files look like.

`run.import_folder` is the way in; `schema` is the contract as values; `sink` is what the database must offer. Nothing is imported here:
readers of the facts need only `snapshots`, and not the machinery of an import.
"""
