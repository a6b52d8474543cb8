"""Ready schedules: each is held against the validator of whoever will read it, as is and filled in."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from click.testing import CliRunner, Result
from cronsim import CronSim

from automation.cli import main
from automation.cli.schedule import Facts, fill_in
from automation.config.sections import Secrets
from automation.resources import data_path
from tests.conformance.discovery import check_value
from tests.programme import TAB, small_programme

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = (
    "cohorte.service",
    "cohorte.timer",
    "cohorte.cron",
    "github-actions.yml",
    "kubernetes.yaml",
    "cloud-run.yaml",
)
_KINDS = ("systemd", "cron", "github-actions", "kubernetes", "cloud-run")
_NASTY = Facts(
    config=Path("/tmp/le comité/100 % à jour/l'été.toml"),  # noqa: S108 - a name, and no file
    program=(sys.executable, "-m", "automation"),
    user="comite",
    zone="America/Halifax",
    hour=4,
    minute=7,
)


def _shipped(name: str) -> str:
    return data_path("config", "schedules", name).read_text("utf-8")


@pytest.fixture(params=["as shipped", "filled in"])
def read(request: pytest.FixtureRequest) -> Any:
    """Read a schedule by its name: the example, or one filled in with awkward facts."""
    return _shipped if request.param == "as shipped" else lambda name: fill_in(name, _NASTY)


def test_every_schedule_that_comes_along_is_checked_here() -> None:
    assert {path.name for path in data_path("config", "schedules").iterdir()} == set(_NAMES)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name in ("cohorte.service", "cohorte.timer"):
        (tmp_path / name).write_text(fill_in(name, _NASTY), "utf-8")
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / "cohorte.timer")]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "cohorte" in line]
    assert (done.returncode, ours) == (0, [])


def test_the_units_say_what_to_run_and_when(read: Any) -> None:
    service, timer = (_ini(read(name)) for name in ("cohorte.service", "cohorte.timer"))

    words = shlex.split(service["Service"]["ExecStart"])
    assert words[words.index("nightly") - 2] == "--config"
    assert service["Service"]["Type"] == "oneshot"
    assert timer["Timer"]["Persistent"] == "true"
    day, clock, zone = timer["Timer"]["OnCalendar"].split()
    assert (day, bool(re.fullmatch(r"\d\d:\d\d:00", clock))) == ("*-*-*", True)
    assert ZoneInfo(zone).key == zone


def _ini(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd minds case
    parser.read_string(text)
    return parser


def test_cron_runs_it_once_a_day_and_names_existing_things(read: Any) -> None:
    lines = [line for line in read("cohorte.cron").splitlines() if line and line[0] != "#"]

    *settings, job = lines
    *fields, command = job.split(maxsplit=5)
    assert all(re.fullmatch(r"[A-Z]+=\S+", line) for line in settings)
    assert len(_two_nights(" ".join(fields))) == 2
    # For cron, a bare % ends the command.
    assert not re.search(r"(?<!\\)%", command)
    words = shlex.split(command.replace(r"\%", "%"))
    assert words[0] == "cd"
    assert words[-1] == "nightly"
    assert Path(words[words.index("--config") + 1]).parent == Path(words[1])


def _two_nights(cron: str) -> list[datetime]:
    """Return when it runs within two days."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    runs = CronSim(cron, start)
    return [at for at in (next(runs) for _ in range(5)) if at < start + timedelta(days=2)]


def test_no_night_is_missing_or_double_when_the_clocks_change() -> None:
    zone = ZoneInfo("America/Toronto")
    shipped = " ".join(map(_shipped, _NAMES))
    hours = set(re.findall(r"15 (\d+) \* \* \*", shipped) + re.findall(r"(\d+):15:00", shipped))

    nights = [
        datetime(year, 1, 1, int(hour), 15, tzinfo=zone) + timedelta(days=day)
        for hour in hours
        for year in range(2026, 2036)
        for day in range(365)
    ]

    assert nights
    assert all(at.astimezone(UTC).astimezone(zone) == at for at in nights)
    assert all(at.replace(fold=1).utcoffset() == at.utcoffset() for at in nights)


def test_github_takes_the_workflow(read: Any, tmp_path: Path) -> None:
    path = tmp_path / "cohorte.yml"
    path.write_text(read("github-actions.yml"), "utf-8")
    schema = ("--builtin-schema", "vendor.github-workflows")

    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *schema, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_the_workflow_takes_secrets_from_the_vault_and_one_night_at_a_time(read: Any) -> None:
    workflow = yaml.safe_load(read("github-actions.yml"))
    (job,) = workflow["jobs"].values()
    night = next(step for step in job["steps"] if "nightly" in step.get("run", ""))

    # YAML 1.1 reads the key "on" as true.
    (when,) = workflow[True]["schedule"]
    assert len(_two_nights(when["cron"])) == 2
    assert ZoneInfo(when["timezone"]).key == when["timezone"]
    assert workflow["concurrency"]["cancel-in-progress"] is False
    assert workflow["permissions"] == {"contents": "read"}
    assert night["env"] == {
        name: f"${{{{ secrets.{name} }}}}" for name in Secrets.variables.values()
    }


def test_kubernetes_gets_a_cron_job_of_its_shape(read: Any) -> None:
    (job,) = yaml.safe_load_all(read("kubernetes.yaml"))

    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "CronJob")
    assert list(_misplaced(job, _CRON_JOB)) == []
    assert len(_two_nights(job["spec"]["schedule"])) == 2
    assert ZoneInfo(job["spec"]["timeZone"]).key == job["spec"]["timeZone"]
    assert job["spec"]["concurrencyPolicy"] == "Forbid"


def test_kubernetes_gives_each_worker_its_part_and_no_rights() -> None:
    (job,) = yaml.safe_load_all(_shipped("kubernetes.yaml"))
    indexed = job["spec"]["jobTemplate"]["spec"]
    pod = indexed["template"]["spec"]
    (container,) = pod["containers"]
    env = {entry["name"]: entry for entry in container["env"]}

    assert indexed["completionMode"] == "Indexed"
    shards = int(env.pop("COHORTE_SHARDS")["value"])
    assert shards == indexed["completions"] == indexed["parallelism"]
    assert set(env) == set(Secrets.variables.values())
    assert all("secretKeyRef" in entry["valueFrom"] for entry in env.values())
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in pod["volumes"]}
    # A pod that is tried again for what stays as it is would only write more mail.
    (rule,) = indexed["podFailurePolicy"]["rules"]
    assert (rule["action"], pod["restartPolicy"]) == ("FailIndex", "Never")
    assert rule["onExitCodes"]["containerName"] == container["name"]


_ANY: dict[str, Any] = {"*": str}
_KEY_REF = {"name": str, "key": str, "optional": bool}
_POD = {
    "restartPolicy": str,
    "automountServiceAccountToken": bool,
    "securityContext": {
        "runAsNonRoot": bool,
        "runAsUser": int,
        "runAsGroup": int,
        "fsGroup": int,
        "seccompProfile": {"type": str},
    },
    "containers": [
        {
            "name": str,
            "image": str,
            "args": [str],
            "env": [{"name": str, "value": str, "valueFrom": {"secretKeyRef": _KEY_REF}}],
            "resources": {"requests": _ANY, "limits": _ANY},
            "securityContext": {
                "allowPrivilegeEscalation": bool,
                "readOnlyRootFilesystem": bool,
                "capabilities": {"drop": [str]},
            },
            "volumeMounts": [{"name": str, "mountPath": str, "readOnly": bool}],
        }
    ],
    "volumes": [{"name": str, "configMap": {"name": str}, "emptyDir": {}}],
}
_CRON_JOB = {
    "apiVersion": str,
    "kind": str,
    "metadata": {"name": str, "labels": _ANY},
    "spec": {
        "schedule": str,
        "timeZone": str,
        "concurrencyPolicy": str,
        "startingDeadlineSeconds": int,
        "successfulJobsHistoryLimit": int,
        "failedJobsHistoryLimit": int,
        "jobTemplate": {
            "spec": {
                "completionMode": str,
                "completions": int,
                "parallelism": int,
                "backoffLimitPerIndex": int,
                "activeDeadlineSeconds": int,
                "ttlSecondsAfterFinished": int,
                "podFailurePolicy": {
                    "rules": [
                        {
                            "action": str,
                            "onExitCodes": {
                                "containerName": str,
                                "operator": str,
                                "values": [int],
                            },
                        }
                    ]
                },
                "template": {"metadata": {"labels": _ANY}, "spec": _POD},
            }
        },
    },
}
"""Where Kubernetes has which field, and what it holds:
https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/"""


def _misplaced(value: object, shape: Any, where: str = "") -> Iterator[str]:
    """Yield what is elsewhere, or else, than a shape says."""
    if isinstance(shape, type):
        if type(value) is not shape:
            yield f"{where}: {value!r}"
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{where}: {value!r}"
            return
        for index, item in enumerate(value):
            yield from _misplaced(item, shape[0], f"{where}[{index}]")
    elif not isinstance(value, dict):
        yield f"{where}: {value!r}"
    else:
        for key, item in value.items():
            known = shape.get(key, shape.get("*"))
            if known is None:
                yield f"{where}.{key}"
            else:
                yield from _misplaced(item, known, f"{where}.{key}")


def test_cloud_run_gets_a_job_that_fits_google_s_own_schema(read: Any) -> None:
    (job,) = yaml.safe_load_all(read("cloud-run.yaml"))
    # JSON writes an int64 as a string; gcloud does so for whoever writes YAML.
    task = job["spec"]["template"]["spec"]["template"]["spec"]
    task["timeoutSeconds"] = str(task["timeoutSeconds"])

    assert (job["apiVersion"], job["kind"]) == ("run.googleapis.com/v1", "Job")
    assert check_value("run.v1", "Job", job) == []


def test_cloud_scheduler_s_command_makes_a_job_that_fits_google_s_own_schema(read: Any) -> None:
    text = re.sub(r"(?m)^# ?", "", read("cloud-run.yaml").partition("apiVersion")[0])
    words = shlex.split(text[text.index("gcloud scheduler") :].partition("\n\n")[0])
    flags = dict(word.removeprefix("--").split("=", 1) for word in words if word[:2] == "--")

    body = {
        "name": f"projects/p/locations/{flags['location']}/jobs/{words[5]}",
        "schedule": flags["schedule"],
        "timeZone": flags["time-zone"],
        "httpTarget": {
            "uri": flags["uri"],
            "httpMethod": flags["http-method"],
            "oauthToken": {"serviceAccountEmail": flags["oauth-service-account-email"]},
        },
    }
    assert check_value("cloudscheduler.v1", "Job", body) == []
    assert len(_two_nights(flags["schedule"])) == 2
    assert ZoneInfo(flags["time-zone"]).key == flags["time-zone"]
    (job,) = yaml.safe_load_all(read("cloud-run.yaml"))
    assert f"/jobs/{job['metadata']['name']}:run" in flags["uri"]


@pytest.mark.parametrize("name", ["kubernetes.yaml", "cloud-run.yaml"])
def test_an_image_bears_the_version_that_is_released(name: str) -> None:
    (tag,) = re.findall(r"image: \S+/cohorte:(\S+)", _shipped(name))

    assert tag == version("cohorte")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    small_programme(tmp_path)
    path = tmp_path / "cohorte.toml"
    text = (
        '[workspace]\nkind = "embedded"\npath = "programme.db"\n'
        f'[responses]\ntabs = ["{TAB}"]\n[fields]\nname = "Prénom"\n'
    )
    path.write_text(text, "utf-8")
    return path


def _run(config: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(config), "schedule", *words])


@pytest.mark.parametrize("kind", _KINDS)
def test_a_schedule_is_printed_with_this_configuration_s_facts(config: Path, kind: str) -> None:
    result = _run(config, kind, "--at", "04:05")

    assert result.exit_code == 0
    assert result.stderr == ""
    assert "5 4 * * *" in result.stdout or "04:05:00" in result.stdout
    assert "/srv/cohorte" not in result.stdout
    named = f"config/{config.name}" if kind == "github-actions" else str(config)
    assert named in result.stdout


def test_without_an_hour_it_is_near_quarter_past_three_and_stays_the_same(config: Path) -> None:
    first, second = (_run(config, "cron").stdout for _ in range(2))

    assert first == second
    assert re.search(r"(?m)^(1[5-9]|[23]\d|4[0-4]) 3 \* \* \*", first)


def test_the_hour_is_in_the_spreadsheet_s_time_zone(config: Path) -> None:
    assert "America/Toronto" in _run(config, "kubernetes").stdout


def test_a_spreadsheet_that_cannot_be_asked_is_told_and_keeps_nobody(config: Path) -> None:
    (config.parent / "programme.db").unlink()

    result = _run(config, "kubernetes")

    assert result.exit_code == 0
    assert "America/Toronto" in result.stderr
    assert yaml.safe_load(result.stdout)["kind"] == "CronJob"


def test_files_are_written_where_none_is(config: Path) -> None:
    folder = config.parent / "units"

    first = _run(config, "systemd", "--out", str(folder))
    second = _run(config, "systemd", "--out", str(folder))

    assert sorted(path.name for path in folder.iterdir()) == ["cohorte.service", "cohorte.timer"]
    assert (first.exit_code, second.exit_code) == (0, 2)
    assert "cohorte.service" in second.stderr


def test_a_folder_that_can_not_be_is_told(config: Path) -> None:
    result = _run(config, "cron", "--out", str(config / "inside"))

    assert result.exit_code == 2
    assert str(config / "inside") in result.stderr


@pytest.mark.parametrize("hour", ["24:00", "3", "minuit", "03:60"])
def test_what_is_no_hour_is_wrong_usage(config: Path, hour: str) -> None:
    result = _run(config, "cron", "--at", hour)

    assert result.exit_code == 2
    assert "03:15" in result.stderr
