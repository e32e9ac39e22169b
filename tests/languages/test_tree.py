"""Parsing: what tree-sitter is asked for, and from where."""

import subprocess
import sys
import textwrap


def test_threads_parse_side_by_side() -> None:
    """Verify and the preview read programs in several threads at a time."""
    # In a process of its own: where threads share a parser, it is killed.
    script = """
        import sys
        from concurrent.futures import ThreadPoolExecutor
        from samplegen.readback.tree import parse

        sys.setswitchinterval(1e-6)
        texts = [f"x = [{n}]\\n" * (200 + n) for n in range(8)]

        def nodes(text):
            return len(parse("tree_sitter_python", "language", text).nodes)

        alone = [nodes(text) for text in texts]
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(nodes, texts * 20)) == alone * 20
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.returncode}: {done.stderr}"
