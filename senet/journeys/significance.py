"""Whether two versions of a mail differ, by Fisher's exact test: no approximation, whatever the numbers.

Given how many answered in all, how many of them fall to A if the versions are alike follows a hypergeometric law. The
two-sided p value is the probability of all splits that are no likelier than the one that was seen.
"""

from __future__ import annotations

from math import exp, fsum, lgamma

LARGE = 1_000  # messages: from here on more confidence is asked for
SURE, LIKELY = 0.95, 0.80
_ALIKE = 1 + 1e-7  # two probabilities that differ by less are the same number, computed differently


def find_p_value(a_hits: int, a_sent: int, b_hits: int, b_sent: int) -> float:
    """Return the probability of a difference at least as unlikely as this one when there is none.

    Raises: ValueError when more answered than were sent.
    """
    if not (0 <= a_hits <= a_sent and 0 <= b_hits <= b_sent):
        raise ValueError("More messages were answered than sent.")
    hits = a_hits + b_hits
    first, last = max(0, hits - b_sent), min(hits, a_sent)
    whole = _log_choose(a_sent + b_sent, hits)
    seen = _log_choose(a_sent, a_hits) + _log_choose(b_sent, b_hits) - whole
    limit = exp(seen) * _ALIKE
    chances = (exp(_log_choose(a_sent, at) + _log_choose(b_sent, hits - at) - whole) for at in range(first, last + 1))
    return min(1.0, fsum(chance for chance in chances if chance <= limit))


def needed_confidence(sent: int) -> float:
    """Return how sure a test of so many messages has to be. Source: product facts 3.7."""
    return SURE if sent >= LARGE else LIKELY


def _log_choose(population: int, chosen: int) -> float:
    return lgamma(population + 1) - lgamma(chosen + 1) - lgamma(population - chosen + 1)
