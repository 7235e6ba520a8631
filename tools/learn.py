"""Learn from said sentences how much each piece of a text speaks for each intent.

`make learn` brings scikit-learn, which nothing else needs, and runs this: it writes
bot/understanding/learnt/. What is measured is not learnt from.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import pycrfsuite
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize as scale
from sklearn.svm import LinearSVC

from bench.parts import Marked, read_parts
from bench.replies import read_replies
from bench.said import read_said
from bench.understanding import learn, read_labelled
from bot.command import whole_of
from bot.understanding.learnt import gists, tags
from bot.understanding.learnt.intents import MIDDLE, STEP, cut, marks_of, write_weights
from bot.understanding.ranking import plain
from bot.understanding.speech import listen
from bot.understanding.text import normalise
from bot.understanding.words.smalltalk import NOTHING, SMALL_TALK

LEAST = 0.1
"""A weight that is smaller is left out: nothing is understood worse without it."""
AGAINST_CHANCE = 0.7  # the usual C
OF_KIND = {
    "notice": "broadcast",
    "ask": "broadcast",
    "meeting": "plan_event",
    "called": "plan_event",
    "remind": "remind",
    "remind_others": "remind",
}
"""What orders whose parts are marked mean; half of them are enough to know them by."""
SORTS = {
    "notices": ("notice", "ask"),
    "reminders": ("remind", "remind_others"),
    "records": ("record",),
    "meetings": ("called",),
    "changes": ("change",),
}
"""For which orders weights are learnt, by the kinds of those that are marked."""
REPLIES = (NOTHING, "receipt", "leave", "undo", "attendance")
EVERY = 10
"""Of said sentences so many are taken as what is no reply; of REPLIES' none."""
LEAST_OF_A_TAG = 0.02
NAMES = (
    *("赵敏", "陈静", "王芳", "刘洋", "吴强", "何雪"),
    *("李伟", "周涛", "孙丽", "郑洁", "冯晨", "端木蕊"),
)
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
    yield from marked_sentences()
    for said in read_said():
        if not said.measured:
            yield said.text, said.intent


def marked_sentences() -> Iterator[tuple[str, str]]:
    """Give orders whose parts are marked, with what they mean: enough of each kind."""
    for number, marked in enumerate(read_parts()):
        taken = number % (4 if marked.kind == "called" else 2) == 1
        if taken and not marked.measured and marked.kind in OF_KIND:
            yield marked.text, OF_KIND[marked.kind]


def pieces_of(text: str) -> set[str]:
    return cut(plain(text), marks_of(listen(normalise(text).text)))


Told: TypeAlias = Mapping[str, Sequence[tuple[int, int]]]


def weigh(
    texts: Sequence[str], meant: Sequence[str], cut_up: Callable[[str], set[str]]
) -> tuple[Sequence[str], Sequence[float], Told]:
    """Learn what each piece of the texts speaks for; returns it as it is written."""
    pieces = CountVectorizer(analyzer=cut_up, binary=True, min_df=RARE)
    counted = scale(pieces.fit_transform(texts))
    machine = LinearSVC(C=AGAINST_CHANCE, random_state=0).fit(counted, meant)
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
    return list(machine.classes_), list(machine.intercept_), told


def learn_intents() -> str:
    texts, intents = zip(*dict(sentences()).items(), strict=True)
    classes, biases, told = weigh(texts, intents, pieces_of)
    write_weights(classes, biases, told)
    return f"{len(texts)} sentences, {len(classes)} intents, {len(told)} pieces"


def learn_gists() -> str:
    told_of = []
    for name in ("drafts", "notices"):
        said = {x.text: x.meaning for x in read_replies(name) if not x.measured}
        if name == "drafts":
            changes = (x for x in read_parts() if x.kind == "change" and not x.measured)
            said |= {each.text: "change" for each in changes}
        said |= {text: "other" for text in other_orders() if text not in said}
        classes, biases, told = weigh(list(said), list(said.values()), gist_pieces)
        write_weights(classes, biases, told, gists.weights_of(name))
        told_of.append(f"{name}: {len(said)} replies, {len(told)} pieces")
    return "\n".join(told_of)


def other_orders() -> Iterator[str]:
    """Give orders and questions of every kind that are short: they are no replies."""
    for number, said in enumerate(read_said()):
        topic = whole_of(said.intent)
        is_short = len(said.text) <= gists.LONGEST and topic not in REPLIES
        if not said.measured and is_short and number % EVERY == 0:
            yield said.text


def gist_pieces(text: str) -> set[str]:
    return cut(*gists.pieces_for(text))


def learn_parts() -> str:
    """Learn the tags of orders' characters, for each sort of orders by itself."""
    told_of = []
    for name, kinds in SORTS.items():
        marked = [x for x in read_parts() if not x.measured and x.kind in kinds]
        count = weigh_tags(marked, tags.weights_of(name))
        told_of.append(f"{name}: {len(marked)} orders, {count} pieces")
    return "\n".join(told_of)


def weigh_tags(marked: Sequence[Marked], path: Path) -> int:
    """Learn tags and write their weights; returns how many pieces say something.

    L1 leaves out what says little.
    """
    trainer = pycrfsuite.Trainer(verbose=False)
    for each in marked:
        trainer.append(tags.describe(each.text, NAMES).all(), list(each.tags))
    trainer.set_params({"c1": 0.1, "c2": 0.05, "max_iterations": 150})
    with TemporaryDirectory() as folder:
        trainer.train(f"{folder}/model")
        tagger = pycrfsuite.Tagger()
        tagger.open(f"{folder}/model")
        info = tagger.info()
        following = {tuple(pair): weight for pair, weight in info.transitions.items()}
        told: dict[str, dict[str, float]] = {}
        for (piece, tag), weight in info.state_features.items():
            if abs(weight) >= LEAST_OF_A_TAG:
                told.setdefault(piece, {})[tag] = weight
    signs = "".join(sorted({tag for each in marked for tag in each.tags}))
    tags.write_weights(signs, following, told, path)
    return len(told)


def main() -> None:
    for learn_one in (learn_intents, learn_gists, learn_parts):
        sys.stdout.write(f"{learn_one()}\n")


if __name__ == "__main__":
    main()
