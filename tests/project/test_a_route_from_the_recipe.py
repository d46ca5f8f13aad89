"""The recipe "a route with a screen" of CONTRIBUTING.md, followed in a copy of the source, works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

from tests.project.without_coverage import uncounted

REPOSITORY = Path(__file__).resolve().parents[2]
FILE = re.compile(
    r"^ +```(?:python|js)\n(?P<text> +(?:#|//) (?P<path>src/\S+)\n.*?)^ +```$", re.MULTILINE | re.DOTALL
)
MAIN = Path("src/healthtwin/web/static/app/main.js")

PROGRAM = """
import sys
from pathlib import Path
from tests.api.conftest import world_in
with world_in(Path(sys.argv[1])) as world:
    ada, bob = world.person(), world.person()
    path = f"/api/people/{ada}/greeting"
    print(world.phone(ada).get(path).json())
    print([client.get(path).status_code for client in (world.client(), world.phone(bob), world.phone(ada))])
    described = world.admin().get("/openapi.json").json()["paths"]["/api/people/{person_id}/greeting"]
    print(described["get"]["summary"], described["get"]["operationId"])
    print("mount" in world.client().get("/static/any/app/screens/greeting.js").text)
"""


def recipe() -> str:
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return text.split("### A route with a screen")[1].split("\n## ")[0].split("\n### ")[0]


def test_a_route_with_a_screen_is_five_files_and_no_other(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    written = {}
    for block in FILE.finditer(recipe()):
        path = tmp_path / block["path"]
        assert not path.exists()
        path.write_text(textwrap.dedent(block["text"]), encoding="utf-8")
        written[block["path"]] = path
    main = (tmp_path / MAIN).read_text(encoding="utf-8")
    line = '  greeting: () => import("./screens/greeting.js"),\n'
    (tmp_path / MAIN).write_text(main.replace("const SCREENS = {\n", "const SCREENS = {\n" + line))
    words = set(re.findall(r"src/healthtwin/words/\w+/app.ftl", recipe()))
    assert len({*written, str(MAIN), *words}) == 5
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "home")],
        cwd=REPOSITORY,
        env={**uncounted(), "PYTHONPATH": f"{tmp_path / 'src'}{os.pathsep}{REPOSITORY}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    name, statuses, described, screen = ran.stdout.splitlines()
    assert name == "{'name': 'Person 1'}"
    assert (statuses, described, screen) == ("[401, 404, 200]", "A greeting greeting", "True")
