# Peiban: what a person types. Each target sets up .venv by itself; nothing needs root.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LOCKS := requirements/torch.txt requirements/run.lock requirements/dev.lock
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
# The suite starts hundreds of processes: Python compiles for all of them once, also where the environment says that it should not keep that.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test core spark check verify bench lock clean
help:
	@echo "make run     the bot with a sandbox bank on http://127.0.0.1:8080"
	@echo "make test    the whole suite"
	@echo "make core    the quick part of it: no database server, no browser, no training"
	@echo "make spark   the judgements on a Spark of your own (installs 430 MB)"
	@echo "make check   lint, types, import contracts, cards"
	@echo "make verify  the proofs at full size, and the benchmark"

setup: $(STAMP)

# torch first and by itself: what is installed after it then finds it there and brings no CUDA packages along.
$(STAMP): $(LOCKS)
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: install it, or say make PYTHON=/path/to/python3.11"; exit 2; }
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@echo "installing PyTorch 2.13.0: on Linux x86 the plain build may bring about 3 GB of CUDA libraries; for the CPU build (200 MB)"
	@echo "install torch==2.13.0 into $(VENV) yourself from the index of CPU builds that its site names (pip's option -i), then make setup again"
	$(BIN)/pip install --quiet --requirement requirements/torch.txt
	$(BIN)/pip install --quiet --no-deps --require-hashes --requirement requirements/run.lock --requirement requirements/dev.lock
	@touch $(STAMP)

run: $(STAMP)
	$(BIN)/python -m bot run --sandbox

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadscope

core: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadscope -m "not slow" tests/unit tests/dialogues tests/rules tests/touches

# Two to four minutes: each of the stages is a job of its own there.
spark: $(STAMP)
	$(BIN)/pip install --quiet --no-deps --require-hashes --requirement requirements/spark.lock
	$(BIN)/python -m pytest -m spark tests/insight

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot lint-cards

verify: $(STAMP)
	$(BIN)/python -m tests.verify

bench: $(STAMP)
	$(BIN)/python -m bot bench

lock:
	requirements/lock.sh

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis
