"""What a speaker label looks like: a role, a code, a name, one word or a phrase; and what only looks like one."""

import re
import unicodedata
from enum import IntEnum

from autokode.base.formatting import one_line

LONGEST, MOST_WORDS = 60, 7
"""Most characters and words of a label."""


class Form(IntEnum):
    """How much a label looks like somebody who speaks, the least first."""

    PAIR = 0
    """«Spørsmål» and «Svar», which are speakers only together."""
    PHRASE = 1
    """Words in small letters, or a number: «Ola sin iPhone», «kari», «Ledelsens syn», «3»."""
    WORD = 2
    """One capitalised word: «Kari», «Problemet»."""
    NAME = 3
    """Capitalised words, a name with its pronouns or its office, or an e-mail address."""
    CODE = 4
    """Initials, or a word and a number: «KB», «S00», «Elev 3»."""
    ROLE = 5
    """A word for who speaks: «Intervjuer», «Deltaker nr 3», «Ukjent taler»."""


ROLES = (
    "intervjuer|intervjuar|interviewer|int|forsker|forskar|moderator|informant|inf|ip|deltaker|deltakar|deltager|respondent|"
    "resp|speaker|taler|talar|høyttaler|person|stemme|me|them|i|f|m|r|d|s|a|p"
)
"""Labels that name a role instead of a person, as alternatives of a pattern."""
_NUMBER = r"(?:[._ -]?(?:nr\.? ?)?\d{1,4}[a-z]?)?"
_ROLE = re.compile(
    rf"(?:(?:{ROLES})[._ -]?(?:(?:nr\.? ?)?\d{{1,4}}[a-z]?|\?|undefined)?\.?|(?:ukjent|unknown|unidentified|uidentifisert)"
    rf"(?: (?:taler|talar|speaker|person|stemme|mann|kvinne|deltaker|deltakar))?{_NUMBER})",
    re.IGNORECASE,
)
_CODE = re.compile(r"[^\W\d_]{1,16}[._ -]?(?:nr\.? ?)?\d{1,4}[a-zA-Z]?|(?:[^\W\d_a-zæøå]\.?){1,2}")
_PAIR = re.compile(rf"(spørsmål|spm|question|svar|answer)\.?{_NUMBER}", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{1,20}){1,4}")
_BESIDE = re.compile(r"\s*(?:\([^()]{1,30}\)|(?: \||\| )[^|]{1,40})\s*$")
"""What stands behind a name: pronouns or a role in brackets, an office behind a line."""
_SAID_WITH = re.compile(
    r" ?\((?:ler|latter|smiler|gråter|hvisker|kviskrar|sukker|avbryter|avbryt|nikker|rister|kremter|hoster|nøler|tenker|"
    r"fortsetter|forts|lavt|høyt|stille|sakte|samtidig|i kor|utydelig|uhørlig|laughs|laughing|interrupts|continues)[^)]*\)$",
    re.IGNORECASE,
)
_NOT_IN_LABELS = re.compile(r"[?!;:\"«»“”…\[\]{}<>=|\t]|//|\.\.|(?<=[^\W\d_]{5})\.(?!\w)")
"""Marks that belong to sentences, and a full stop after a word too long to be an abbreviation."""
_PARTICLES = frozenset(
    "van von de der den af av bin ibn el al la le da dos di og and & nr sammen saman samtidig d.y. d.e. dy jr jr. sr sr.".split()
)

NUMBERED = (
    "del|tema|bolk|kapittel|seksjon|spørsmål|spm|hovedspørsmål|punkt|oppgave|vignett|case|fase|runde|økt|part|section|topic|"
    "theme|question|chapter"
)
"""Words that number the parts of an interview, as alternatives of a pattern: «Del 2: Arbeid» is a heading."""
NOT_LABELS = frozenset(
    "kl http https nb ps obs merk spørsmål spm tema del kapittel dato sted tid varighet kilde eks eksempel f.eks ca jf "
    "konklusjon oppsummering notat transkripsjon transkribert opptak fil tittel deltakere deltagere tilstede til intervju "
    "note question date place time file title topic participants present latter ler uhørlig utydelig pause stille hoster "
    "avbrudd avbryter sukker støy musikk laughter laughs inaudible crosstalk silence music ja nei og men så altså".split()
)
"""Words at the start of a line or of a transcript that look like labels but name nobody."""
_PARTS_OF_TALK = frozenset(
    "sammendrag samandrag referat innledning innleiing oppstart avslutning avslutting bakgrunn introduksjon summary details "
    "sitat svar resultat resultatet problemet poenget fordel fordeler fordelen ulempe ulemper ulempen konklusjonen grunnen "
    "årsaken saken målet tips råd forslag alternativ løsning løsningen utfordring utfordringen dilemma spørsmålet svaret poeng "
    "problem mål klokka klokken uke side punkt steg nivå versjon nummer nr avsnitt tabell figur vedlegg år ordliste "
    "tegnforklaring kursiv stikkord nøkkelord mandag tirsdag onsdag torsdag fredag lørdag søndag januar februar mars april juni "
    "juli august september oktober november desember".split()
)
"""Words that head what is said, or a part of a document."""
_COUNTED = frozenset("dag klasse rom kapittel fase plan alternativ variant modell kategori type".split())
"""Words whose numbers are nobody's: «Dag» may be a name, «Dag 2» is none."""
_FUNCTION = frozenset(
    "jeg eg æ du han hun hen vi me dere dykk dei den det dette denne disse desse man min mi mitt mine din di ditt hans hennes "
    "vår vårt våre er var har hadde blir ble vart sier sa seier tenker tenkte tror trudde synes syntes mener meinte kan kunne "
    "vil ville skal skulle må måtte får fikk går gikk kom kommer gjør gjorde vet veit visste ser så betyr handler gjelder spør "
    "spurte svarte svarer skrev står stod sto husker heter ikke ikkje jo altså derfor likevel ellers dernest deretter etterpå "
    "videre først sist endelig nå her der hvor hva hvem hvorfor hvordan hvilken kva kven korleis kvifor om ja nei eller fordi "
    "at som hvis når da også bare alltid aldri the this that is was were have has had says said say think thought know "
    "means you they it so because if when then also just not no yes well okay ok mm hm mhm jaja joda neida vel greit eksempel "
    "eksempelvis kort sagt ærlig talt egentlig kanskje tross".split()
)
"""Words of sentences; no label has one of them."""
_NAMES_TOO = frozenset("vår min ho vi".split())
_FIRST = frozenset(
    "en ei et ett første andre neste siste i på til av med fra for etter ved under over hos mot uten mellom på grunn og men noe "
    "noen ingen mange hver annen helt veldig mest hvert a an in on at of to from with first next last and but".split()
)
"""Words that begin a phrase of a sentence; a label of several words does not begin with them."""
_COMMON_ENDING = re.compile(r".{3,}(?:.et|ingen|ingene|sjonen|sjonene|heten|hetene|dommen|elsene)\Z")
_NAMES_LIKE_NOUNS = frozenset("elisabet lisbet margaret margret mehmet ahmet harriet janet juliet violet".split())
"""Endings of nouns with the article, which few names have: «Problemet», «Utfordringene»."""


def plain(label: str) -> str:
    """A label as people see it: on one line, composed, without a colon and how it was said («Åse (ler)»)."""
    return _SAID_WITH.sub("", unicodedata.normalize("NFC", one_line(label)).strip("*_: "))


def cleaned(label: str) -> str:
    """A plain label, without the number of a question («Spørsmål 3»)."""
    pair = _PAIR.fullmatch(plain(label))
    return pair[1] if pair else plain(label)


def form_of(label: str) -> Form | None:
    """Tell what form a cleaned label has; None if it can be no label.

    >>> form_of("Deltaker nr 3"), form_of("Berg, Kari"), form_of("Kari"), form_of("Ola sin iPhone"), form_of("Jeg sa")
    (<Form.ROLE: 5>, <Form.NAME: 3>, <Form.WORD: 2>, <Form.PHRASE: 1>, None)
    """
    known = ((_EMAIL, Form.NAME), (_ROLE, Form.ROLE), (_PAIR, Form.PAIR))
    form = next((form for pattern, form in known if pattern.fullmatch(label)), None)
    if form is not None or len(label) > LONGEST:
        return form
    bare = core_of(label)
    words = bare.replace(",", " ").replace("/", " ").split()
    if not 0 < len(words) <= MOST_WORDS or _NOT_IN_LABELS.search(bare) or not _may_be_said_of_people(words):
        return None
    if _ROLE.fullmatch(bare):
        return Form.ROLE
    return Form.CODE if _CODE.fullmatch(bare) else _form_of_words(bare, words)


def core_of(label: str) -> str:
    """A label without what stands behind the name and without emoji: «Kari 🌸 (she/her)» is «Kari».

    >>> core_of("Berg, Nils | UiO")
    'Berg, Nils'
    """
    for _ in range(3):
        label = _BESIDE.sub("", label)
    return " ".join(word for word in label.split() if any(map(str.isalnum, word)) or word in ("&", "?"))


def is_common_noun(label: str) -> bool:
    """Whether a single word has the ending of a noun with the article."""
    return label.casefold() not in _NAMES_LIKE_NOUNS and _COMMON_ENDING.match(label.casefold()) is not None


def _may_be_said_of_people(words: list[str]) -> bool:
    folded = [word.rstrip(".").casefold() for word in words]
    if folded[0] in NOT_LABELS or folded[0] in _PARTS_OF_TALK or folded[0] in NUMBERED.split("|"):
        return False
    if len(words) > 1 and (
        folded[0] in _FIRST or (folded[0] in _COUNTED and (words[1][0].isdigit() or len(words[1]) == 1))
    ):
        return False
    inner = [word for word, whole in zip(folded[1:], words[1:], strict=True) if whole[0].islower()]
    if len(words) == 1 and folded[0] in _NAMES_TOO:
        return True
    return not any(word in _FUNCTION and word not in _PARTICLES for word in (folded[0], *inner))


def _form_of_words(bare: str, words: list[str]) -> Form | None:
    before, comma, after = bare.partition(",")
    capitals = [word for word in words if word[0].isupper() or word[0].isdigit()]
    if comma and (not before.strip() or not after.strip() or "," in after or not words[0][0].isupper()):
        return None
    if comma:
        return Form.NAME if len(capitals) == len(words) else Form.PHRASE
    if len(words) == 1:
        return Form.WORD if words[0][0].isupper() else Form.PHRASE
    if words[0][0].isupper() and all(word in capitals or word in _PARTICLES for word in words):
        return Form.NAME
    return Form.PHRASE
