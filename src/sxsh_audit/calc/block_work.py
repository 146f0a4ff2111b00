"""Blocks of work that know nothing of each other, one after another or in threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import NamedTuple

import numpy as np

__all__ = ["Block", "carry_out"]


class Block(NamedTuple):
    """A block of work."""

    do: Callable[[slice], None]
    """What is done."""
    part: slice
    """To which part of the whole."""

    def run(self) -> None:
        """Do it; numpy's error state is per thread, so each block sets its own."""
        with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
            self.do(self.part)


def carry_out(blocks: Sequence[Block], threads: int, told: Callable[[int], object]) -> None:
    """Do all blocks.

    Parameters
    ----------
    blocks : sequence of Block
        The work.
    threads : int
        Threads.
    told : callable
        Takes the count of blocks done: 0 at first, then after each of them. What it raises
        stops the work; blocks that are not begun are dropped.

    Examples
    --------
    >>> carry_out([Block(print, slice(0, 2))], 1, print)
    0
    slice(0, 2, None)
    1
    """
    told(0)
    if threads == 1:
        for done, block in enumerate(blocks, 1):
            block.run()
            told(done)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(block.run) for block in blocks]
        try:
            for done, finished in enumerate(as_completed(waiting), 1):
                finished.result()
                told(done)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
