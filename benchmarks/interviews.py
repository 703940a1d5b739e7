"""Measures how well each shipped interview is coded by a model of the others, and how that grows with their number.

python -m benchmarks.interviews        writes benchmarks/results/interviews.json (about twenty minutes on two cores)
"""

import json
import sys
import warnings

import numpy as np
from joblib import Parallel, delayed
from sklearn.metrics import average_precision_score

from autokode import AutoCoder, evaluate, read_study, suggest
from autokode.base.errors import AutokodeWarning
from autokode.corpus.study import Study
from benchmarks import RESULTS, ROOT

OUT = RESULTS / "interviews.json"
SIZES = (1, 2, 4, 8, 16)
SEED = 0


def one_point(study: Study, held_out: str, learnt: list[str]) -> tuple[float, float]:
    """Mean average precision over the codes present in one interview, of a model of others; with and without questions."""
    examples, test = study.examples(learnt), study.examples([held_out])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AutokodeWarning)
        coder = AutoCoder(random_state=SEED).fit(
            examples.texts, examples.codes, contexts=examples.contexts, groups=examples.groups, codebook=study.codebook
        )
    truth = np.array([[code in given for code in coder.codes_] for given in test.codes])
    present = np.flatnonzero(truth.any(axis=0))
    with_question, alone = coder.predict_proba(test.texts, test.contexts), coder.predict_proba(test.texts)
    return tuple(  # type: ignore[return-value]
        float(np.mean([average_precision_score(truth[:, k], scores[:, k]) for k in present]))
        for scores in (with_question, alone)
    )


def learning_curve(study: Study) -> list[dict[str, object]]:
    """For each size, every interview held out once, learnt from that many others drawn with the seed; without single quotes."""
    names = sorted(name for name in study.transcripts if name.startswith("kontor_"))
    random = np.random.default_rng(SEED)
    orders = {name: random.permutation([other for other in names if other != name]).tolist() for name in names}
    curve = []
    for size in SIZES:
        points = Parallel(n_jobs=-1)(delayed(one_point)(study, name, orders[name][:size]) for name in names)
        with_question, alone = zip(*points, strict=True)
        curve.append({"interviews": size, **summary(with_question), "without_question": summary(alone)})
        print(f"{size:3d} interviews: {curve[-1]}", file=sys.stderr)
    return curve


def summary(values: tuple[float, ...]) -> dict[str, object]:
    """Mean over interviews held out, and its 95 % interval by bootstrap over them."""
    random = np.random.default_rng(SEED)
    means = [np.mean(random.choice(values, len(values))) for _ in range(2000)]
    low, high = np.percentile(means, [2.5, 97.5])
    return {
        "average_precision": round(float(np.mean(values)), 4),
        "interval": [round(float(low), 4), round(float(high), 4)],
    }


def right_and_wrong(study: Study) -> dict[str, list[dict[str, object]]]:
    """Ten suggestions that fit what was coded and ten that do not, drawn with the seed from interviews held out."""
    names = sorted(name for name in study.transcripts if name.startswith("kontor_"))
    random = np.random.default_rng(SEED)
    held_out = random.permutation(names)[:4].tolist()
    examples = study.examples([name for name in names if name not in held_out])
    coder = AutoCoder(random_state=SEED).fit(
        examples.texts, examples.codes, contexts=examples.contexts, groups=examples.groups, codebook=study.codebook
    )
    coded = study.codes_by_utterance()
    found: dict[str, list[dict[str, object]]] = {"right": [], "wrong": []}
    for suggestion in (s for name in held_out for s in suggest(coder, study.transcripts[name])):
        given = coded.get((suggestion.transcript, suggestion.utterance), set())
        row = {
            "transcript": suggestion.transcript,
            "speaker": suggestion.speaker,
            "quote": " ".join(suggestion.quote.split()),
            "code": suggestion.code,
            "probability": suggestion.probability,
            "words": [word.word for word in suggestion.evidence],
            "question": suggestion.question_share > 0.5,
            "coded": sorted(given),
        }
        found["right" if suggestion.code in given else "wrong"].append(row)
    drawn = {kind: random.permutation(len(rows))[:10].tolist() for kind, rows in found.items()}
    return {kind: [rows[i] for i in drawn[kind]] for kind, rows in found.items()}


def main() -> None:
    study = read_study(ROOT / "training_data")
    evaluation = evaluate(
        study, seed=SEED, progress=lambda name, done, total: print(f"{done}/{total} {name}", file=sys.stderr)
    )
    OUT.parent.mkdir(exist_ok=True)
    found = {
        "evaluation": evaluation.to_dict(),
        "learning_curve": learning_curve(study),
        "examples": right_and_wrong(study),
    }
    OUT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
