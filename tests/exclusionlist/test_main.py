"""The command that dataset builders run, as they run it."""

import json
import subprocess
import sys
from pathlib import Path

from bigcode_optout.exclusionlist import write

from .builders import FACTS, SAMPLE
from .shard_builders import put, v2

ROOT = Path(__file__).parents[2]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bigcode_optout.exclusionlist", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_check_says_that_a_list_is_whole(tmp_path):
    write(SAMPLE, output=tmp_path / "list", format="parquet", facts=FACTS)
    result = run("check", tmp_path / "list")
    assert (result.returncode, result.stderr) == (0, "")
    assert "6 rules of release v3.2" in result.stdout


def test_check_and_show_fail_with_a_sentence_for_a_changed_list(tmp_path):
    write(SAMPLE, output=tmp_path / "list", format="csv", facts=FACTS)
    with (tmp_path / "list/data/exclusions.csv").open("a") as file:
        file.write("x")
    for command in ("check", "show"):
        result = run(command, tmp_path / "list")
        assert (result.returncode, result.stdout) == (1, "")
        assert "the manifest says" in result.stderr and "Traceback" not in result.stderr


def test_show_prints_figures_and_no_names(tmp_path):
    write(SAMPLE, output=tmp_path / "list", format="legacy-json", facts=FACTS)
    result = run("show", tmp_path / "list")
    assert result.returncode == 0
    words = " ".join(result.stdout.split())
    assert "release v3.2" in words and "for owner 4" in words and "lossy rules 2" in words
    assert "ada" not in result.stdout.lower()


def test_show_as_json_is_the_manifest(tmp_path):
    write(SAMPLE, output=tmp_path / "list", format="jsonl", facts=FACTS)
    result = run("show", tmp_path / "list", "--json")
    assert json.loads(result.stdout) == json.loads((tmp_path / "list/manifest.json").read_bytes())


def test_wrong_usage_and_a_missing_folder_are_not_success(tmp_path):
    assert run().returncode == 2
    assert run("check", tmp_path / "nothing").returncode == 1


def test_commands_run_where_django_celery_and_the_extras_are_not_installed(tmp_path):
    write(SAMPLE, output=tmp_path / "list", format="parquet", facts=FACTS)
    put(v2(["ada-example/x", "b/b"]), tmp_path / "in/a.parquet")
    code = (
        "import sys\n"
        "ours = ('bigcode_optout.core', 'bigcode_optout.settings', 'bigcode_optout.datasetindex')\n"
        "for name in ('django', 'celery', 'requests', 'pyspark', 'huggingface_hub', 'numpy', 'pandas', *ours):\n"
        "    sys.modules[name] = None  # importing it fails\n"
        "from bigcode_optout.exclusionlist.__main__ import main\n"
        "folder, given = sys.argv[1:]\n"
        "run = ['--list', folder, '--schema', 'v2', '--data-date', '2023-09-06']\n"
        "codes = [main(['check', folder]), main(['diff', folder, folder]), main(['generate-key', folder + '.pem'])]\n"
        "codes += [main(['apply', given, *run, '--output', folder + '-out'])]\n"
        "codes += [main(['verify', folder + '-out', *run, '--report', folder + '.json'])]\n"
        "codes += [main(['gate', folder + '-out', *run])]\n"
        "codes += [main(['upload', folder, '--repo', 'a/b', '--allow-unsigned'])]\n"
        "sys.exit(any(codes))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "list"), str(tmp_path / "in")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_the_room_needs_neither_django_nor_celery():
    code = (
        "import sys, bigcode_optout.exclusionlist.__main__\n"
        "assert not {'django', 'celery', 'requests'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
