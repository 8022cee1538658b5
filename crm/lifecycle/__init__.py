"""Where a relation stands: the stages of §2.2, as a pure machine and as a table of the nightly run."""
