# One Pixel at a Time. `make help` lists the targets.
PYTHONS := python3.13 python3.12 python3.11 python3 python
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
CONSTRAINTS := -c constraints.txt
COLAB := .venv-colab
RUNS := runs/weights
NUMBER := runs/number
USABLE := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
# Three processes share the files, the longest first: the chapters. Two leave two cores idle for a fifth of the time.
PYTEST := -m pytest -n 3 --dist loadfile --no-loadscope-reorder
PYTEST += --nbval --nbval-current-env --nbval-cell-timeout=600
PROSE := $(addprefix tests/test_,$(addsuffix .py,chapters page exercises quoted contest_quoted))
ONE_CORE := OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1

.DEFAULT_GOAL := help
.PHONY: help book pdf release lint test test-prose test-all test-colab chapters tidy stamp weights number contest lab
.PHONY: bench format clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

# Makes a new environment with the first suitable Python. 3.13, Colab's version, is tried first.
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
	@touch $@

book: $(STAMP) ## build the pages and print the address to open
	@$(BIN)/jupyter-book build . --config _config.yml --toc book/_toc.yml -W --keep-going -q
	@echo 'Open file://$(CURDIR)/_build/html/index.html'

pdf: export WHOLE_BOOK = one-pixel-at-a-time.pdf
pdf: book ## make one PDF of the whole book from its pages; needs Chromium
	@$(BIN)/python book/tools/pdf.py

release: pdf ## make a release's files in dist/: the library as a wheel, the PDF, the pages
	@rm -rf build dist
	@$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	@cp _build/html/*.pdf dist
	@cd _build/html && ../../$(BIN)/python -m zipfile -c ../../dist/pages.zip *
	@ls dist

lint: $(STAMP) ## check the style and the format of the code
	@$(BIN)/ruff check --quiet pixelcnn_lib tests book
	@$(BIN)/ruff format --check --quiet pixelcnn_lib tests book

test: lint book ## test what one change can break, or with CHAPTER=5 what belongs to a chapter
ifdef CHAPTER
	$(BIN)/python $(PYTEST) -m 'not slow' --chapter $(CHAPTER) \
	  chapters/$(shell printf %02d $(CHAPTER:0%=%))_*.ipynb $(PROSE) tests/test_checks.py tests/test_live_predict.py
else
	$(BIN)/python $(PYTEST) -m 'not slow' chapters tests
endif

test-prose: book ## test what the words of a page or a chapter can break
	$(BIN)/python $(PYTEST) -m 'not slow' $(PROSE)

test-all: lint book ## run the slow tests and Colab's versions too: over an hour
	$(BIN)/python $(PYTEST) chapters tests
	@$(MAKE) test-colab

$(COLAB)/installed: tests/colab.txt
	@echo 'Installing the versions that Colab has into $(COLAB): a few minutes, once.'
	@$(call new,$(COLAB))
	@$(COLAB)/bin/python -m pip install --quiet -r tests/colab.txt
	@touch $@

test-colab: $(COLAB)/installed ## run the chapters, unsolved and solved, on Colab's versions
	@$(COLAB)/bin/python -m pip install --quiet --no-deps .
	PYTHONPATH=. $(COLAB)/bin/python book/tools/solve.py $(COLAB)/solved
	$(COLAB)/bin/python $(PYTEST) -W ignore::DeprecationWarning chapters $(COLAB)/solved

chapters: $(STAMP) ## run all chapters, or those in ONLY=, and store their outputs
	@$(BIN)/python book/tools/chapters.py $(ONLY)

# Each step uses files that the steps before it wrote. Interrupted runs are resumed.
weights: $(STAMP) ## train the shipped models on PHOTOS=, and make all that depends on them: hours
	$(BIN)/python book/tools/train_small.py $(RUNS) $(PHOTOS)
	$(BIN)/python -m pixelcnn_lib compress pixelcnn_lib/data/chelsea.png --out book/_static/chelsea.opat --force
	$(BIN)/python book/tools/train_digits.py $(RUNS)
	$(BIN)/python book/tools/train_faces.py $(RUNS)
	$(BIN)/python book/tools/train_ladder.py $(RUNS)/ladder
	$(BIN)/python book/tools/quantise.py
	$(ONE_CORE) $(BIN)/python book/tools/train_any_order.py $(RUNS)/any-order
	$(BIN)/python book/tools/few_passes.py
	$(BIN)/python book/tools/train_own.py
	$(BIN)/python book/tools/live_states.py
	$(BIN)/python book/tools/hero.py
	$(BIN)/python book/tools/chapters.py

NETWORKS := pixelcnn diagonal-bilstm row-lstm
number: $(NETWORKS:%=number-%) ## train the networks of the paper's table on binarised MNIST: hours

number-%: $(STAMP)
	$(ONE_CORE) $(BIN)/python book/tools/number.py $(NUMBER) $*

contest: $(STAMP) ## compare the members of the family, trained on PHOTOS=: hours
	$(ONE_CORE) $(BIN)/python book/tools/train_contest.py $(RUNS)/contest $(PHOTOS)

tidy: $(STAMP) ## put all notebooks, or those in ONLY=, in canonical form without running them
	@$(BIN)/python book/tools/chapters.py --tidy $(ONLY)

stamp: $(STAMP) ## write the book's address, such as URL=https://github.com/you/pixels, wherever it is named
	@$(BIN)/python book/tools/stamp.py '$(URL)' '$(BRANCH)' '$(PAGES)'

lab: $(STAMP) ## open the chapters in JupyterLab
	@$(BIN)/jupyter lab chapters

bench: $(STAMP) ## print each measured ratio beside its limit
	@for file in tests/benchmarks/*.py; do PYTHONPATH=tests $(BIN)/python $$file || exit 1; done

format: $(STAMP) ## format the code
	@$(BIN)/ruff format pixelcnn_lib tests book
	@$(BIN)/ruff check --fix pixelcnn_lib tests book

clean: ## remove the built pages
	rm -rf _build
