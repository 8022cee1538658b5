"""What the terminal shows of long work, and that nothing is written where there is none."""

import io
import re

from rich.console import Console

from bot.progress import making_bar, step_list


def _terminal(screen: io.StringIO) -> Console:
    return Console(file=screen, force_terminal=True, width=120, color_system=None)


def test_the_making_of_a_bank_shows_customers_and_transactions() -> None:
    screen = io.StringIO()

    with making_bar(80, _terminal(screen)) as progress:
        progress(30, 80, 4_000)
        progress(80, 80, 9_500)

    assert "0/80 位客户" in screen.getvalue()
    assert "80/80 位客户，9,500 笔交易" in screen.getvalue()


def test_steps_stay_with_their_time_while_the_next_one_runs() -> None:
    screen = io.StringIO()

    with step_list("整理知识库", _terminal(screen)) as progress:
        progress("训练向量表")
        progress("校准")

    last = screen.getvalue().rpartition("✓")[2]
    assert re.search(r"✓ 整理知识库：训练向量表\s+0:00:00", screen.getvalue())
    assert re.search(r"整理知识库：校准\s+0:00:00", last)


def test_without_a_terminal_nothing_is_written() -> None:
    screen = io.StringIO()

    with making_bar(80, Console(file=screen)) as making, step_list("整理知识库", Console(file=screen)) as publishing:
        making(80, 80, 9_500)
        publishing("训练向量表")

    assert screen.getvalue() == ""
