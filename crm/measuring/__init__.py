"""What a bank must know of its own data: where a row came from, how good and how fresh a feed is, who is there twice.

An import measures the snapshot that it built, before it counts (`crm.measuring.importing`), and leaves small Parquet files in it, so that
they are all or nothing with it. `crm.measuring.health` reads them. Definitions are YAML beside the code; docs/data-quality.md explains.
"""
