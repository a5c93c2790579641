"""What was probably meant by a name that is not there."""

from __future__ import annotations


def closest(word: str, known: list[str]) -> str:
    """``(did you mean "x"?)``, or all that is known when nothing is near."""
    import difflib  # only a mistake pays for it

    near = difflib.get_close_matches(word.lower(), [k.lower() for k in known], n=1, cutoff=0.6)
    for candidate in known:
        if near and candidate.lower() == near[0]:
            return f'did you mean "{candidate}"?'
    return "known are " + ", ".join(f'"{k}"' for k in sorted(known))
