# Each target works first, alone, on a fresh machine with Python >= 3.11 and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test thorough postgres check style covered fix bench fuzz mutants learn pictures audit oldest lock
run: .venv/ready        ## the demo on http://127.0.0.1:8080
	$(BIN)/xiangyang demo --port 8080

test: .venv/ready-dev   ## what one runs after each change
	$(QUICKLY) $(BIN)/pytest -n 2 --dist worksteal -m "not thorough" $(COVER)

thorough: .venv/ready-dev ## what is dear: CONTRIBUTING.md says what stands here
	$(QUICKLY) $(BIN)/pytest -n 3 --dist worksteal -m thorough $(COVER)
# Compile once what a hundred processes import; wait for no disk where memory will do.
QUICKLY := PYTHONDONTWRITEBYTECODE= $(if $(wildcard /dev/shm/.),TMPDIR=/dev/shm)

check: style            ## everything that must be green before a commit
	$(MAKE) test COVER='--cov --cov-report='
	$(MAKE) thorough COVER='--cov --cov-append --cov-report='
	$(MAKE) covered
	sh tools/audit.sh $(BIN) || [ $$? -eq 3 ]

postgres: .venv/ready-dev ## what sends and answers, on a PostgreSQL that is here
	$(QUICKLY) $(BIN)/python -m tests.on_postgres -n 2 tests/test_conversations.py \
	    tests/bot/outbox tests/bot/delivery/test_deliver.py \
	    tests/bot/test_exactly_once.py --deselect tests/bot/outbox/test_machine.py $(PLAYS)

style: .venv/ready-dev  ## how it is written: form, types, who may know whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

covered: .venv/ready-dev ## how much of it the suite ran
	$(BIN)/coverage report --fail-under=95

fix: .venv/ready-dev    ## let the tools mend what they can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/ready-dev  ## measure, and write bench/RESULTS.md
	$(BIN)/python -m bench
	-$(GUIDE)
	$(BIN)/python -m bench.fuzz --seconds 20

fuzz: .venv/ready-dev   ## odd input for longer, guided by coverage where possible
	-$(GUIDE)
	$(BIN)/python -m bench.fuzz --seconds 120

mutants: .venv/ready-dev ## do the tests hear small changes? slow; a sample unless told otherwise
	$(BIN)/python tools/mutants.py $(MUTANTS)
MUTANTS := --number 100

learn: .venv/ready-dev ## learn anew from what was said (tests/understanding: said, parts, replies)
	$(PIP) scikit-learn==1.9.1 python-crfsuite==0.9.12
	$(BIN)/python tools/learn.py

pictures: .venv/ready-dev ## take the guides' pictures from the demo (needs Chromium)
	$(BIN)/python tools/pictures.py

audit: .venv/ready-dev  ## known holes in what we depend on; fails with 3 where it cannot look
	sh tools/audit.sh $(BIN)

oldest:                 ## what is common, on the oldest Python that is promised (if it is here)
	sh tools/oldest.sh tests/test_conversations.py tests/understanding/test_sentences.py \
	    -k "sentence or checkin or notice or meeting"

lock: .venv/ready-dev   ## resolve anew, for every Python from 3.11 on; no file names a download host
	$(PIP) uv
	$(BIN)/uv pip compile $(LOCK) -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --extra dev -o requirements-dev.lock pyproject.toml
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --group build \
  --no-emit-index-url --no-emit-find-links --no-header --no-strip-extras

PIP := $(BIN)/pip install --quiet --disable-pip-version-check
GUIDE := $(PIP) atheris==3.0.0

.venv/bin/pip:
	@sh tools/make-venv.sh $(PYTHON)

.venv/ready: requirements.lock pyproject.toml | .venv/bin/pip
	@$(BIN)/python tools/install.py requirements.lock
	@touch $@

.venv/ready-dev: requirements-dev.lock pyproject.toml | .venv/bin/pip
	@$(BIN)/python tools/install.py requirements-dev.lock
	@touch .venv/ready $@
