# %% [markdown]
# # Own interviews to suggestions
#
# You have transcripts and an idea of the codes. This notebook starts from files, codes two
# interviews by hand, and lets autokode suggest codes for the third. Everything happens on your
# machine.
#
# The three interviews here are invented for this notebook: home care nurses about their working
# day. Put your own files in the folder instead; Word, text, subtitles, spreadsheets and the rest
# are read alike ([which formats](../study.md)).

# %%
import tempfile
from pathlib import Path

import pandas as pd

from autokode import AutoCoder, read_study, read_transcript, suggest
from autokode.corpus.coding import Coding, Segment, write_codings
from autokode.suggestion import write_suggestions

folder = Path(tempfile.mkdtemp(prefix="hjemmetjenesten-"))

# %% [markdown]
# ## A codebook
#
# A code is a name and a definition. The definition is not for people alone: the model learns from
# it as well, most of all while there are few examples.

# %%
codebook = """
navn: Hjemmetjenesten
språk: nb
koder:
  - navn: tidspress
    definisjon: Liten tid, for lange lister, hastverk, stress og forsinkelser på ruta.
    eksempler: ["Jeg har tolv minutter, og så må jeg videre."]
  - navn: relasjon
    definisjon: Å bli kjent med brukeren, trygghet, tillit, samtaler og nærhet over tid.
    eksempler: ["Hun er trygg på meg, for vi har kjent hverandre lenge."]
  - navn: samarbeid
    definisjon: Samarbeid med kolleger, fastlege, sykehus og pårørende; rapport, møter og beskjeder.
    eksempler: ["Vi ringer fastlegen og snakker sammen på rapporten."]
"""
(folder / "codebook.yaml").write_text(codebook, encoding="utf-8")

# %% [markdown]
# ## Three transcripts
#
# A name and a colon begin each turn. Who asks is found from the text, or said in `study.yaml`.

# %%
interviews = {
    "anne": """
Intervjuer: Hvordan er en vanlig dag?
Anne: Lista er for lang. Jeg har fjorten hjem før lunsj, og jeg er forsinka allerede ved det andre.
Intervjuer: Hva gjør det med deg?
Anne: Jeg blir stressa. Jeg ser på klokka mens jeg står der, og jeg har ikke tid til å sette meg ned.
Intervjuer: Hva er det beste med jobben?
Anne: Det er de jeg har kjent lenge. De er trygge på meg, og da forteller de hvordan de egentlig har det.
Intervjuer: Hvordan blir dere kjent?
Anne: Vi prater om barnebarna og hagen. Tilliten kommer litt etter litt, den kan du ikke be om.
Intervjuer: Hvem snakker du med når noe er galt?
Anne: Da ringer jeg fastlegen, og så tar vi det på rapporten så kollegene vet det.
Intervjuer: Og de pårørende?
Anne: Datteren ringer oss hver uke. Vi samarbeider godt med henne, hun gir beskjed når noe endrer seg.
Intervjuer: Hva ville du endra?
Anne: Mer tid. Ti minutter ekstra hos hver, så slapp jeg å løpe fra den ene til den andre.
""",
    "berit": """
Intervjuer: Hvordan er en vanlig dag?
Berit: Den begynner med rapport. Vi går gjennom hvem som har vært på sykehuset, og fordeler hvem som gjør hva.
Intervjuer: Holder tiden?
Berit: Nei, den gjør aldri det. Det er hastverk fra første dør, og lista blir lengre for hver syk kollega.
Intervjuer: Hva betyr det for brukerne?
Berit: De merker at jeg har dårlig tid. En sa at jeg hadde jakka på hele besøket, og det hadde hun rett i.
Intervjuer: Hva skal til for å bli kjent?
Berit: At det er samme person som kommer. Da blir de trygge, og de tør å si at de er ensomme.
Intervjuer: Er det noen du husker særlig?
Berit: En mann som ikke ville åpne. Vi prata gjennom døra i tre uker, og så fikk vi tillit til hverandre.
Intervjuer: Hvordan er det med sykehuset?
Berit: Vi får ikke beskjed når folk sendes hjem. Jeg må ringe avdelingen selv, og så ringer jeg legen.
Intervjuer: Og internt?
Berit: Kollegene er gode. Vi har møte på tirsdager, og der snakker vi sammen om de vanskelige hjemmene.
""",
    "camilla": """
Intervjuer: Hvordan er en vanlig dag?
Camilla: Jeg løper. Lista er lagt uten tid til å kjøre, så jeg er forsinka før jeg har begynt.
Intervjuer: Hva rekker du ikke?
Camilla: Å sette meg ned. Klokka går, og jeg står i døra og sier at jeg kommer igjen i morgen.
Intervjuer: Hva gjør at du blir i jobben?
Camilla: Menneskene. Når de er trygge på meg og forteller om livet sitt, da vet jeg hvorfor jeg er der.
Intervjuer: Hvem støtter du deg på?
Camilla: Kollegene. Vi snakker sammen på rapporten, og jeg kan ringe legen når jeg er i tvil.
Intervjuer: Hvordan er ruta lagt opp?
Camilla: Den går i ring, fra sentrum og ut til sykehjemmet og tilbake igjen med den hvite bilen.
""",
}
for name, text in interviews.items():
    (folder / f"{name}.txt").write_text(text.lstrip(), encoding="utf-8")

# %% [markdown]
# `notes` says what was found in a file, and what was inferred. Read it once for each file.

# %%
first = read_transcript(folder / "anne.txt")
list(first.notes)

# %% [markdown]
# ## Code two of them by hand
#
# Most people do this on the review page (`autokode review`). In Python a coding is a segment with
# a code: offsets into the transcript's text, and the quote, which guards the offsets. An answer
# may have several codes, or none.

# %%
by_hand = {
    "anne": [
        "tidspress",
        "tidspress",
        "relasjon",
        "relasjon",
        "samarbeid",
        "samarbeid",
        "tidspress",
    ],
    "berit": [
        "samarbeid",
        "tidspress",
        "tidspress",
        "relasjon",
        "relasjon",
        "samarbeid",
        "samarbeid",
    ],
}
codings = []
for name, codes in by_hand.items():
    transcript = read_transcript(folder / f"{name}.txt")
    for index, code in zip(transcript.answers, codes, strict=True):
        told = transcript.utterances[index]
        segment = Segment(
            name, told.start, told.end, transcript.text[told.start : told.end]
        )
        codings.append(Coding(segment, code, coder="meg"))
write_codings(folder / "codings.csv", codings)

# %% [markdown]
# The folder is a study now. Reading it checks everything together: every code is in the codebook,
# every quote stands where it should.

# %%
study = read_study(folder)
study

# %% [markdown]
# ## Learn, and suggest for the third
#
# `unlabelled` are the answers nobody coded yet. They set the scale: what is usual in *this* study.

# %%
learn, uncoded = (
    study.examples(["anne", "berit"]),
    study.examples(["camilla"]),
)
coder = AutoCoder().fit(
    learn.texts,
    learn.codes,
    contexts=learn.contexts,
    groups=learn.groups,
    codebook=study.codebook,
    unlabelled=uncoded.texts,
    unlabelled_contexts=uncoded.contexts,
)
probabilities = pd.DataFrame(
    coder.predict_proba(uncoded.texts, uncoded.contexts), columns=coder.codes_
)
probabilities.assign(
    answer=[text[:60] + " …" for text in uncoded.texts]
).set_index("answer").round(2)

# %% [markdown]
# With fourteen coded answers the numbers are rough, and their order says more than their size. The
# last answer is about a road and a car and fits no code. Its row is low, as it should be.
#
# `suggest` gives what reaches each code's limit:

# %%
suggestions = suggest(coder, study.transcripts["camilla"])
suggestions.to_pandas()[["speaker", "code", "probability", "evidence"]]

# %% [markdown]
# The road got two codes all the same, with a third and a quarter: of three or four such suggestions
# one is right, and these are not. A probability says so beforehand, and the evidence says why:
# «sykehjemmet» (the nursing home) sounds like cooperation. Whoever wants fewer of them sets a threshold,
# or asks for a precision once there are enough coded answers for a promise.

# %%
surer = suggest(coder, study.transcripts["camilla"], threshold=0.5)
surer.to_pandas()[["speaker", "code", "probability"]]

# %% [markdown]
# ## Decide
#
# A suggestion is nobody's coding until a person accepts it. Write it to a file for Excel, or
# better, decide on the page, where each decision is one key, teaches the model, and can be undone:
#
#     autokode init prosjekt --codebook codebook.yaml
#     autokode add . --project prosjekt
#     autokode review --project prosjekt

# %%
write_suggestions(folder / "forslag.csv", suggestions)
(folder / "forslag.csv").read_text(encoding="utf-8").splitlines()[0]

# %% [markdown]
# What this shows: the way from files to suggestions. What it does not: how good suggestions are in
# your study. Three short interviews cannot tell; [Reading the
# evaluation](3-reading-the-evaluation.py) shows what can.
