# One Pixel at a Time. `make help` lists what there is to make.
PYTHONS := python3.13 python3.12 python3.11 python3 python
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
CONSTRAINTS := -c constraints.txt
COLAB := .venv-colab
RUNS := runs/weights
USABLE := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile
NBVAL := --nbval --nbval-current-env --nbval-cell-timeout=600

.DEFAULT_GOAL := help
.PHONY: help book lint test test-all test-colab chapters tidy weights stamp lab bench format clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

# A new environment, of the first Python that will do; Colab's, 3.13, is tried first.
new = for python in $(PYTHONS); do \
	    $$python -c '$(USABLE)' >/dev/null 2>&1 && exec $$python -m venv --clear $(1); \
	  done; \
	  echo 'Python 3.11, 3.12 or 3.13, with its venv module, is needed; none was found.' >&2; \
	  exit 1

# The stamp is newer than what it was installed from, so a second call installs nothing.
$(STAMP): requirements.txt constraints.txt pyproject.toml
	@$(BIN)/python -c '$(USABLE)' 2>/dev/null || { $(call new,$(VENV)); }
	@echo 'Installing into $(VENV): a few minutes, once.'
	@$(BIN)/python -m pip install --quiet -r requirements.txt $(CONSTRAINTS)
	@$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@

book: $(STAMP) ## build the pages and print the address to open
	@$(BIN)/jupyter-book build . --config _config.yml --toc book/_toc.yml -W --keep-going -q
	@echo 'Open file://$(CURDIR)/_build/html/index.html'

lint: $(STAMP)
	@$(BIN)/ruff check --quiet pixelcnn_lib tests book

test: lint book ## prove in 15 minutes what one change can break
	$(PYTEST) $(NBVAL) -m 'not slow' tests chapters

test-all: lint book ## the same and all that takes longer: an hour
	$(PYTEST) $(NBVAL) tests chapters
	@$(MAKE) test-colab

$(COLAB)/installed: tests/colab.txt
	@echo 'Installing the versions that Colab has into $(COLAB): a few minutes, once.'
	@$(call new,$(COLAB))
	@$(COLAB)/bin/python -m pip install --quiet -r tests/colab.txt
	@touch $@

test-colab: $(COLAB)/installed ## run each chapter alone, and the tests, on Colab's versions
	$(COLAB)/bin/python tests/colab.py

chapters: $(STAMP) ## run every chapter, or those named in ONLY=, and store the outputs
	@$(BIN)/python book/tools/chapters.py $(ONLY)

# Each step uses what the steps before it wrote. Interrupted runs are resumed.
weights: $(STAMP) ## train on PHOTOS= and measure the shipped models, then make all that shows them: hours
	$(BIN)/python book/tools/train_small.py $(RUNS) $(PHOTOS)
	$(BIN)/python book/tools/train_digits.py $(RUNS)
	$(BIN)/python book/tools/quantise.py
	$(BIN)/python book/tools/live_states.py
	$(BIN)/python book/tools/record_runs.py
	$(BIN)/python book/tools/hero.py
	$(BIN)/python book/tools/icons.py
	$(BIN)/python book/tools/readme.py
	$(BIN)/python book/tools/chapters.py

stamp: $(STAMP) ## write the book's address into the setup cells: _config.yml's, or FROM=remote
	@$(BIN)/python book/tools/stamp.py $(if $(FROM),--from-$(FROM)) $(if $(CHECK),--check)

tidy: $(STAMP) ## put every notebook, or those named in ONLY=, in canonical form; run nothing
	@$(BIN)/python book/tools/chapters.py --tidy $(ONLY)

lab: $(STAMP) ## open the chapters in JupyterLab
	@$(BIN)/jupyter lab chapters

bench: $(STAMP) ## print each measured ratio beside its limit
	@$(BIN)/python -m pip install --quiet -r tests/benchmarks/requirements.txt
	@for file in tests/benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

format: $(STAMP) ## put the code in the house's form
	@$(BIN)/ruff format pixelcnn_lib tests book
	@$(BIN)/ruff check --fix pixelcnn_lib tests book

clean: ## remove the built pages
	rm -rf _build
