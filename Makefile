# 小安: everything a newcomer or a maintainer does, by name. `make help` lists it.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet install --require-hashes --only-binary :all:

.DEFAULT_GOAL := help
.PHONY: help install run chat test test-slow lint check table eval calibrate bench bench-telegram shots lock clean

help: ## 列出所有命令
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 16

.venv/.run: requirements.lock
	@test -d .venv || $(PYTHON) -m venv .venv
	@$(PIP) -r requirements.lock
	@touch $@

.venv/.test: requirements-test.lock .venv/.run
	@$(PIP) --no-binary jieba -r requirements-test.lock  # jieba is published as source only
	@touch $@

install: .venv/.run ## 只准备环境，不启动

run: install ## 启动网页（默认 http://127.0.0.1:8000）
	@$(BIN)/python -m bot run

chat: install ## 在终端里和小安说话
	@$(BIN)/python -m bot chat

test: .venv/.test ## 准备测试环境并跑测试（长时间的另有 test-slow）
	@$(BIN)/python -m pytest -m "not slow" -n auto --maxprocesses 4 --dist loadfile

test-slow: .venv/.test ## 长时间的检查（强杀50次、等锁）
	@$(BIN)/python -m pytest -m slow

lint: .venv/.test ## 静态检查
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

check: install ## 检查知识和对话文件
	@$(BIN)/python -m bot check

table: install ## 重新生成决策表 docs/decision-table.md
	@$(BIN)/python -m flows.graph

eval: .venv/.test ## 用自己的问题集量一量答得对不对
	@$(BIN)/python -m tests.eval

calibrate: .venv/.test ## 按现有知识建议作答的门槛
	@$(BIN)/python -m tests.eval calibrate

bench: .venv/.test ## 速度和内存，与别的做法并排比较
	@$(BIN)/python -m tests.bench

bench-telegram: .venv/.test ## Telegram：每秒答多少、每条多少 CPU，与回声机器人并排
	@$(BIN)/python -m tests.bench.telegram

shots: .venv/.test ## 重拍 README 里的截图
	@$(BIN)/python -m tests.shots

lock: ## 重新锁定依赖（需要 uv）
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --extra test pyproject.toml -o requirements-test.lock

clean: ## 删掉环境和缓存（数据留着）
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
