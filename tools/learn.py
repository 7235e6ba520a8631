"""Learn from said sentences how much each piece of a text speaks for each intent.

`make learn` brings scikit-learn, which nothing else needs, and runs this: it writes
bot/understanding/learned.weights. What is measured is not learnt from.
"""

import sys
from collections.abc import Iterator

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize as scale
from sklearn.svm import LinearSVC

from bench.said import read_said
from bench.understanding import learn, read_labelled
from bot.command import whole_of
from bot.understanding.learned import MIDDLE, STEP, cut, marks_of, write_weights
from bot.understanding.ranking import plain
from bot.understanding.speech import listen
from bot.understanding.text import normalise
from bot.understanding.words.smalltalk import NOTHING, SMALL_TALK

LEAST = 0.1
"""A weight that is smaller is left out: nothing is understood worse without it."""
AGAINST_CHANCE = 0.7  # the usual C
RARE = 2  # a piece that fewer sentences have says nothing


def sentences() -> Iterator[tuple[str, str]]:
    """Give each sentence with its intent: names, examples, what was said.

    Of those that are labelled by a whole topic, which has parts, the part is not known.
    """
    _, commands = learn()
    for each in commands.by_intent.values():
        yield from ((text, each.intent) for text in (*each.names, *each.examples))
    for texts in SMALL_TALK.values():
        yield from ((text, NOTHING) for text in texts.split())
    parted = {whole_of(intent) for intent in commands.by_intent if "." in intent}
    for one in read_labelled():
        whole = commands.by_intent.get(one.first)
        is_known = one.first not in parted or (one.may_act and whole and whole.acts)
        if one.split == "train" and is_known:
            yield one.text, one.first
    for said in read_said():
        if not said.measured:
            yield said.text, said.intent


def pieces_of(text: str) -> set[str]:
    return cut(plain(text), marks_of(listen(normalise(text).text)))


def main() -> None:
    texts, intents = zip(*dict(sentences()).items(), strict=True)
    pieces = CountVectorizer(analyzer=pieces_of, binary=True, min_df=RARE)
    counted = scale(pieces.fit_transform(texts))
    machine = LinearSVC(C=AGAINST_CHANCE, random_state=0).fit(counted, intents)
    told = {}
    for piece, column in pieces.vocabulary_.items():
        kept = [
            (
                place,
                max(-MIDDLE + 0x21, min(0x7E - MIDDLE, round(float(weight) / STEP))),
            )
            for place, weight in enumerate(machine.coef_[:, column])
            if abs(weight) >= LEAST
        ]
        if kept and "\n" not in piece and "\t" not in piece:
            told[piece] = kept
    write_weights(machine.classes_, machine.intercept_, told)
    told_of = f"{len(texts)} sentences, {len(machine.classes_)} intents"
    sys.stdout.write(f"{told_of}, {len(told)} pieces\n")


if __name__ == "__main__":
    main()
