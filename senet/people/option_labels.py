"""What the options of a custom column are called in each language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from senet.people.models import CustomColumn
from senet.shared.errors import InvalidInput

Labels = Mapping[str, Mapping[str, str]]  # option → language → label
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}")
_MAX_LABEL = 200
_MAX_LANGUAGES = 60


def load_option_labels(entity: str) -> dict[str, Labels]:
    """Return the labels of every column of choices of contacts or companies, by the column's key."""
    rows = CustomColumn.objects.filter(entity=entity, kind__in=["choice", "choices"])
    return dict(rows.values_list("key", "option_labels"))


def check_option_labels(options: Sequence[str], labels: Labels) -> dict[str, dict[str, str]]:
    """Return labels as they are kept: languages in small letters, empty labels left out.

    Raises: InvalidInput for an option that the column does not have, a language that is none or a label too long.
    """
    kept: dict[str, dict[str, str]] = {}
    for option, names in labels.items():
        if option not in options:
            raise InvalidInput(f"“{option[:80]}” is no option of this column.", option_labels="Name its own options.")
        read = {language.strip().replace("_", "-").lower(): label.strip() for language, label in names.items()}
        for language, label in read.items():
            if not _LANGUAGE.fullmatch(language):
                sentence = f"“{language[:40]}” is no language; write one such as de or pt-br."
                raise InvalidInput(sentence, option_labels=sentence)
            if len(label) > _MAX_LABEL or len(read) > _MAX_LANGUAGES:
                sentence = f"A label has at most {_MAX_LABEL} characters, an option at most {_MAX_LANGUAGES} languages."
                raise InvalidInput(sentence, option_labels=sentence)
        kept[option] = {language: label for language, label in read.items() if label}
    return {option: names for option, names in kept.items() if names}


def find_label(labels: Labels, value: object, languages: Sequence[str]) -> str:
    """Return what a stored value is called in the first language that has a name for it, else the value itself."""
    if isinstance(value, list):
        return ", ".join(find_label(labels, each, languages) for each in value)
    if value is None:
        return ""
    names = labels.get(str(value), {})
    return next((names[language] for language in languages if language in names), str(value))
