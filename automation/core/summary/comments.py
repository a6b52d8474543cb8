"""What people wrote in their own words, by question. For the committee alone, never shared."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from automation.core.summary.needs import is_counted
from automation.core.summary.people import GONE
from automation.core.text import fold, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.core.model import Number
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

NAMES: Final = frozenset({"business"})
"""Keys of the fields that name somebody rather than say something."""

_MOST_WORDS = 12
_SHORTEST = 3
_TWICE = 2
# An apostrophe ends a word: "l'isolement" is about "isolement".
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# Words that tell nothing of what an answer is about, folded; of both languages, for people answer
# in the one they like.
_FRENCH = """
    afin ai aie aient aime aimerais ainsi alors apres as assez au aucun aucune aupres auquel aura
    aurait aurais aussi autre autres aux avais avait avant avec avez avoir avons ayant beaucoup bien
    bon bonne ca car ce ceci cela celle celles celui cependant certain certaine certaines certains
    ces cet cette ceux chaque chez chose choses ci combien comme comment dans davantage de dehors
    deja depuis des desire deux devrait dois doit donc dont du durant elle elles en encore enfin
    entre envers es espere est et etaient etait etant ete etes etre eu eux fait faire fais faut
    fois font grand hors ici il ils je jusqu jusque juste la laquelle le lequel les lesquels leur
    leurs lors lorsque lui ma mais mal malgre me meme memes merci mes mieux mien mienne moi moins
    mon ne ni non nos notre nous on ont ou oui par parce parfois parmi pas peu peut peux plus
    plusieurs plutot pour pourquoi pourrait pourrais pouvoir pres puis puisque qu quand que quel
    quelle quelles quels quelque quelques qui quoi rien sa sans se selon sera serait serais ses seul
    si sinon soi soient sois soit sommes son sont souhaite sous souvent suis sur surtout ta tandis
    tant te tel telle tes toi ton toujours tous tout toute toutes tre tres trop tu un une va vais
    vers veut veux voila voir voire vos votre voudrais vous vraiment vu
"""
_ENGLISH = """
    about above after again all also always am an and any anything are as at be because been before
    being between both but by can cannot could did do does doing don done during each even every
    few for from further get go going good got had has have having he her here hers him his hope how
    if in into is isn it its just know let like lot make many maybe me more most much must my never
    no nor not nothing now of off often on once one only or other others our out over own people
    please really same see she should so some something still such than thank thanks that the their
    them then there these they thing things this those through to too under until up us very want
    was way we well were what when where which while who whom why will with without would yes yet
    you your
"""
STOP_WORDS: Final = frozenset((_FRENCH + _ENGLISH).split())
"""Words that are not counted, folded."""


class Comment(Struct, frozen=True, kw_only=True):
    """What one person wrote.

    Attributes:
        number: That of the enrolment with their latest answer.
    """

    number: Number
    text: str


class Comments(Struct, frozen=True, kw_only=True):
    """The answers to one question.

    Attributes:
        key: The field's.
        question: Its label.
        comments: Each person's latest one, by number.
        words: The most frequent words as most often written, each with how many people used it,
            those of two people or more, the most frequent first.
    """

    key: str
    question: str
    comments: tuple[Comment, ...]
    words: tuple[tuple[str, int], ...]


def list_comments(snapshot: Snapshot, rules: Rules) -> tuple[Comments, ...]:
    """Return the answers to each free-text question that anybody answered, in the form's order."""
    kept = sorted(
        (one for one in snapshot.register if one.status not in GONE), key=lambda one: one.number
    )
    found: list[Comments] = []
    for at, extra in enumerate(rules.fields.extra):
        if is_counted(extra) or extra.key in NAMES:
            continue
        latest = {
            one.person: Comment(number=one.number, text=text)
            for one in kept
            if at < len(one.extra) and (text := tidy(one.extra[at]))
        }
        comments = tuple(sorted(latest.values(), key=lambda comment: comment.number))
        if comments:
            words = find_words(comment.text for comment in comments)
            found.append(
                Comments(key=extra.key, question=extra.label, comments=comments, words=words)
            )
    return tuple(found)


def find_words(texts: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Return the words that most texts share, with how many do, the most frequent first.

    Words are compared folded, so that an accent or a capital makes no other word.
    """
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        used = {fold(word): word for word in reversed(_WORD.findall(text.replace("’", "'")))}
        for key, word in used.items():
            if len(key) >= _SHORTEST and key not in STOP_WORDS:
                spellings[key][word.lower() if word.isupper() else word] += 1
    counts = {key: written.total() for key, written in spellings.items()}
    ranked = sorted(counts, key=lambda key: (-counts[key], key))
    return tuple(
        (_usual_word(spellings[key]), counts[key])
        for key in ranked[:_MOST_WORDS]
        if counts[key] >= _TWICE
    )


def _usual_word(spellings: Counter[str]) -> str:
    """Return how a word is most often written; a capital may only come from opening a sentence."""
    return min(spellings, key=lambda word: (-spellings[word], not word.islower(), word))
