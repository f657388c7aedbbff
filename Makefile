# madoguchi: `make demo` tries a town, `make test` checks everything. Both set up what they need.
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
TOWN ?= 調布市
PORT ?= 8000
export TOWN PORT

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python
HAVE := $(VENV)/stamps
MADE := build/stamps
STATIC := $(shell find src/madoguchi -path '*/static*')

.DEFAULT_GOAL := help
.PHONY: help demo test assets lock clean

help: ## この一覧
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1  \2/p' $(MAKEFILE_LIST)

demo: $(HAVE)/run $(MADE)/static ## 町を1つ動かして試す（例：make demo TOWN=青梅市 PORT=8001）
	@exec $(BIN)/madoguchi demo --town "$$TOWN" --port "$$PORT"

test: $(HAVE)/dev $(MADE)/static ## すべての検査
	@scripts/system_tools.sh
	@exec $(BIN)/python scripts/run_checks.py

assets: $(MADE)/static ## 画面の部品だけを作る

lock: $(HAVE)/tools ## requirements/ を pyproject.toml から作り直す
	@scripts/lock.sh

clean: ## 作ったもの（.venv と build）を消す。データ（var）は残る
	rm -rf $(VENV) build

$(HAVE)/tools: requirements/bootstrap.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo \
	  "Python 3.11 が必要です。例：make demo PYTHON=/usr/bin/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV) || { echo \
	  "venv を作れません。Debian なら「apt install python3-venv」が要ります。" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@mkdir -p $(HAVE) $(MADE) && touch $@

$(HAVE)/run: requirements/run.txt pyproject.toml | $(HAVE)/tools
	@echo "準備をしています（初回は2、3分かかります）"
	@$(UV) --require-hashes -r $<
	@$(UV) --no-deps --no-build-isolation --editable .
	@touch $@

$(HAVE)/dev: requirements/dev.txt | $(HAVE)/run
	@$(UV) --require-hashes -r $<
	@touch $@

$(MADE)/assets: package-lock.json scripts/build_assets.py | $(HAVE)/run
	@$(BIN)/python scripts/build_assets.py
	@mkdir -p $(MADE) && touch $@

$(MADE)/static: $(MADE)/assets $(STATIC)
	@rm -rf build/static
	@MADOGUCHI_SECRET_KEY=assets DJANGO_SETTINGS_MODULE=madoguchi.settings.embedded \
	  $(BIN)/python -m django collectstatic --noinput --verbosity 0
	@touch $@
