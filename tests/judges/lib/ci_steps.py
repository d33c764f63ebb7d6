"""ci_steps.py SHELLCHECK FILE.yml…: runs shellcheck on every script inside pipelines of GitHub and GitLab. Exits with 1 if one fails."""

import re
import subprocess
import sys

from ruamel.yaml import YAML


def scripts(node):
    """Yields (shell, script) of every step: `run` of GitHub is run by bash, `script` and `before_script` of GitLab by sh."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "run" and isinstance(value, str):
                # shellcheck cannot read GitHub expressions, so a word replaces each
                yield "bash", re.sub(r"\$\{\{.*?\}\}", "expression", value)
            elif key in ("script", "before_script"):
                yield "sh", "\n".join(value)
            else:
                yield from scripts(value)
    elif isinstance(node, list):
        for value in node:
            yield from scripts(value)


def main(shellcheck, *files):
    failed = seen = 0
    for file in files:
        with open(file, encoding="utf-8") as stream:
            for shell, script in scripts(YAML(typ="safe").load(stream)):
                seen += 1
                run = subprocess.run([shellcheck, "-s", shell, "-"], input=f"set -e\n{script}\n", text=True, capture_output=True)
                if run.returncode:
                    failed += 1
                    print(file, run.stdout or run.stderr)
    print(f"{seen} scripts, {failed} with findings")
    return 1 if failed or not seen else 0


sys.exit(main(*sys.argv[1:]))
