"""Words that carry content: all but function words, fillers, numbers and names; and answers without any.

One list holds Bokmål, Nynorsk and dialect, because one interview mixes them; other languages use spaCy's stop words.
"""

import functools
import importlib
import re

NORWEGIAN = ("nb", "nn", "no", "da")

_NORWEGIAN = frozenset(
    """a akkurat aldri all alle allefall allikevel alltid alt altfor altså an andre annen annet at av bak bare begge berre
    best blant ble blei bli blir blitt bort bortsett bra burde både bør da dag de deg dei deim deira deires dem den
    denne der dere deres derfor derre det dette di difor din disse dit ditt dokke dokker du dykk dykkar då døkk e eeh eg
    egentlig eh ehh eigentleg ein eine eit eitt ell eller ellers elles en enda endå ene eneste engang enn ennå er et ett
    etter etterpå faktisk fekk fem fikk finne finnes fins fire fleire flere flest fleste folk for fordi fra fram frem
    fremdeles få får føle føler før først første gang ganga gangen ganger ganske gi gikk gir gjekk gjennom gjer gjera
    gjerne gjorde gjort gjør gjøre god gode godt gong gongen gonger gå går ha hadde han hans har hatt hei heile heilt
    hel hele heller helst helt hen hennar henne hennes her hit hm hmm ho holdt hos hu hun hva hvem hver hverandre hvert
    hvertfall hvilke hvilken hvis hvor hvordan hvorfor i iallfall igjen ihvertfall ikke ikkeno ikkj ikkje ikkji ikkno
    ikring imellom imot inga ingen ingenting inkje inn inne innen innimellom innom itj ja jada jeg jo joda ka kan
    kanskje kem ken kjem kjørte koffer kom kome komme kommer kommet kor korfor korleis korsen kunn kunne kva kvar
    kvarandre kvart kven kvifor la lage langt lar legge lenge lenger lengre ligge lik like likevel liksom lite liten
    litt man mange masse me med meg mei meiner meir mellom men mener mens mer mest mhh mhm mi min mindre mine minst mitt
    mm mot mulig mye mykje må måte måten måtte na nede nei neida nemlig nesten nett nettopp nja no noe noen nok noka
    noko nokon nokre nå når nærmest ofte og også ok okei okkes om omtrent opp oppe oppi oppleve opplever oss over
    overhodet para pga plutselig på rett rundt sa sagt same samme sammen samtidig sant seg sei seia seie seier selv ser
    si sia sida sidan siden sier sikkert sin sine sist siste sitt sitter sjelden sjå sjøl sjølsagt sjølv skal skikkelig
    skjer skjønne skjønner skulle slags slett slik slike snart som soss spesielt spurt stadig sto stort står synes
    synest syns synst så sånn sånne sånt såpass særlig ta tar tatt tenk tenke tenker tenkje tenkjer tenkt tenkte ti til
    tilbake tilfelle ting tja to tok tre tro trodde tror trudde trur tydelig uansett um und under ut utan ute uten
    utenom utrolig vanlig vanligvis var vart ved veit vel veldi veldig verden vere vert vet vi vidare videre vil ville
    virka virkelig virker viser viss visst vore vår våre være været vært ytterst å år åra åssen æ æg ærlig øh øhm""".split()
)

_NUMBER = re.compile(
    r"\d.*|en|ei|ett|to|tre|fire|fem|seks|sju|syv|åtte|ni|ti|elleve|tolv|tretten|fjorten|femten|seksten|sytten|atten|nitten|"
    r"(?:tjue|tyve|tretti|førti|femti|seksti|sytti|åtti|nitti|hundre|tusen|halv)\w*",
    re.IGNORECASE,
)

_AGREEING = frozenset(
    """absolutely absolutt agree aha akkurat course da definitely det du e eg einig enig er exactly fint forstår greit
    heilt helt her here hm hmm huh i ikke ikkje is ja jada jeg jo joda kanskje klart me mhm mm mmm nei neida nettopp nja
    no nok nope of og ok okay okei right riktig s samd same samme sant selvfølgelig selvsagt sikkert sjølsagt sjølvsagt
    skjønner stemme stemmer sure så takk thanks that tja true uh var vel vi yeah yep yes å åja æ""".split()
)
MOST_WORDS_OF_NOTHING, LONGEST_SILENT = 6, 80
"""Most words and UTF-8 bytes of an answer that can count as mere agreement; a longer one always has content."""


def says_nothing(text: str) -> bool:
    """Whether an answer only agrees, disagrees or thanks, so that there is nothing to code.

    >>> says_nothing("Ja, ikke sant."), says_nothing("Ja, to."), says_nothing("")
    (True, False, True)
    """
    return (
        len(text) <= LONGEST_SILENT
        and len(text.encode("utf-8", "replace")) <= LONGEST_SILENT
        and _only_agrees(text.lower())
    )


@functools.lru_cache(maxsize=1 << 12)
def _only_agrees(text: str) -> bool:
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text)
    return len(words) <= MOST_WORDS_OF_NOTHING and all(word in _AGREEING for word in words)


_LOWER = bytes(ord(chr(b).lower()) if chr(b).isalnum() else ord(" ") for b in range(128)) + bytes(range(128, 256))
_AGREEING_BYTES = frozenset(word.encode() for word in _AGREEING)


def may_say_nothing(text: bytes) -> bool:
    """Whether a text, as UTF-8, could be one that `says_nothing`: an English letter or digit in other words rules it out.

    >>> may_say_nothing(b"Ja, to."), may_say_nothing("Åja, «ja»".encode()), may_say_nothing(b"# 1: Ja.")
    (False, True, False)
    """
    return not any(map(bytes.isascii, set(text.translate(_LOWER).split()) - _AGREEING_BYTES))


def carries_content(word: str, lang: str) -> bool:
    """Whether a word, in lower case, says something about a theme: no function word, filler, number or single letter.

    >>> [word for word in ("jo", "liksom", "tillit", "tre", "ga") if carries_content(word, "nb")]
    ['tillit', 'ga']
    """
    return (
        len(word) > 1
        and any(map(str.isalpha, word))
        and word not in function_words(lang)
        and not _NUMBER.fullmatch(word)
    )


@functools.cache
def function_words(lang: str) -> frozenset[str]:
    """The function words and fillers of a language, in lower case; empty where spaCy has no list."""
    if lang in NORWEGIAN:
        return _NORWEGIAN
    try:
        return frozenset(importlib.import_module(f"spacy.lang.{lang}.stop_words").STOP_WORDS)
    except (ImportError, AttributeError):
        return frozenset()
