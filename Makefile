# Shortcuts; each is one line that can be typed as well.
.PHONY: test lint docs publish locale bench

test:
	.venv/bin/pytest -n auto

lint:
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

docs:
	.venv/bin/mkdocs build

publish:
	.venv/bin/samplegen render --all --out out

locale:
	.venv/bin/pybabel compile -d samplegen/rendering/locale -D samplegen

bench:
	.venv/bin/python benchmarks/run.py
