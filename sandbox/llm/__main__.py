"""`python -m sandbox.llm`: serve until interrupted."""

import argparse
import sys
import threading

from sandbox.llm.server import LlmServer, Mode


def main() -> int:
    """Serve in the mode that is given."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.llm")
    parser.add_argument("--mode", choices=[mode.value for mode in Mode], default=Mode.GOOD.value)
    parser.add_argument("--port", type=int, default=8082)
    given = parser.parse_args()
    with LlmServer(Mode(given.mode), port=given.port) as server:
        sys.stdout.write(f"Set PEIBAN_LLM_BASE_URL={server.base_url} PEIBAN_LLM_MODEL=sandbox and start Peiban.\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
