"""The fixture `cckm`: an emulator of CipherTrust Manager, with a domain for each test.

The emulator is the one of CCKM_EMULATOR_URL, or the fixture starts one with `cckm-emulator exec`. CCKM_EMULATOR_BIN names
the command if it is not on the PATH. Standard library only.

    def test_enables_keys(cckm):
        cckm.next_job("partial-failure")
        result = enable_keys(cckm.url, cckm.username, cckm.password)
        assert result.failed == ["key-3"]
"""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid

import pytest

__all__ = ["Cckm", "CckmError", "cckm", "cckm_emulator"]

# The command that `exec` runs: it prints the variables of the emulator, and ends when the tests close its stdin.
_HOLD = """
import json, os, sys
names = [name for name in os.environ if name.startswith("CCKM_EMULATOR_")]
print(json.dumps({name: os.environ[name] for name in names}), flush=True)
sys.stdin.read()
"""

_FAILED = pytest.StashKey()


class CckmError(Exception):
    """An answer of the control API with a status of 400 or more."""

    def __init__(self, status, answer):
        error = answer.get("error", {}) if isinstance(answer, dict) else {}
        super().__init__(f"{status}: {error.get('message', answer)}")
        self.status = status
        self.answer = answer


class _Server:
    """A running emulator: its variables, and calls of its control API."""

    def __init__(self, variables):
        self.variables = variables
        self.url = variables["CCKM_EMULATOR_URL"].rstrip("/")
        # Without the proxy of the environment, which may not reach the emulator.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, method, path, body=None):
        headers = {"Content-Type": "application/json"}
        admin_token = self.variables.get("CCKM_EMULATOR_ADMIN_TOKEN")
        if admin_token:
            headers["Authorization"] = f"Bearer {admin_token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with self._opener.open(request) as answer:
                return _parsed(answer.read())
        except urllib.error.HTTPError as error:
            raise CckmError(error.code, _parsed(error.read())) from None


def _parsed(content):
    text = content.decode()
    try:
        return json.loads(text or "null")
    except ValueError:
        return text


class Cckm:
    """The emulator as one test uses it: addresses, credentials, and its domain.

    Durations are written "5s", "11m", "2h"; instants in RFC 3339. Every method raises CckmError if the emulator refuses.
    """

    def __init__(self, server, name, access):
        self._server = server
        self._path = f"/__admin/domains/{urllib.parse.quote(name)}"
        self._allowed = []
        #: The name of the domain.
        self.name = name
        #: http://127.0.0.1:43211
        self.url = server.url
        #: https://127.0.0.1:43211, with a certificate of `ca_file`; None if TLS is off.
        self.https_url = server.variables.get("CCKM_EMULATOR_HTTPS_URL")
        self.ca_file = server.variables.get("CCKM_EMULATOR_CA_FILE")
        #: For a client that signs in. The user name says which domain: admin@NAME.
        self.username = access["username"]
        self.password = access["password"]
        #: A token of the domain, valid for 12 hours.
        self.token = self.call("POST", "/tokens", {"ttl": "12h"})["jwt"]

    @property
    def env(self):
        """The variables for a child process."""
        variables = {
            **self._server.variables,
            "CCKM_EMULATOR_DOMAIN": self.name,
            "CCKM_EMULATOR_USERNAME": self.username,
            "CCKM_EMULATOR_PASSWORD": self.password,
            "CCKM_EMULATOR_TOKEN": self.token,
        }
        return {**os.environ, **variables}

    def call(self, method, path, body=None):
        """Calls the control API of the domain: call("GET", "/requests")."""
        return self._server.call(method, self._path + path, body)

    def advance(self, by):
        """Advances the clock by a duration, and returns the transitions on the way."""
        return self.call("POST", "/clock/advance", {"by": by})["transitions"]

    def next_job(self, scenario, times=1, **when):
        """Sets the scenario of the next job that the client creates: next_job("failure", operation="enablekey")."""
        return self.call("POST", "/rules", {"scenario": scenario, "times": times, **({"when": when} if when else {})})

    def fault(self, do, **on):
        """Makes later calls fail: fault({"respond": {"status": 503}}, operation="azure.*", nth=2)."""
        return self.call("POST", "/faults", {"do": do, **({"on": on} if on else {})})

    def requests(self, **query):
        """The requests of the client, oldest first: requests(operation="azure.bulkjobs.get")."""
        return self.call("GET", f"/requests?{urllib.parse.urlencode(query)}")["requests"]

    def jobs(self, **query):
        """The jobs of the domain, each with the vendor's document under "job"."""
        return self.call("GET", f"/jobs?{urllib.parse.urlencode(query)}")["jobs"]

    def allow(self, *allowed):
        """Exempts kinds of failure ("501"), or requests ({"status": 404}), from failing the test."""
        self._allowed += allowed

    def _end(self, has_failed, title, fail_on):
        body = {"hasFailed": has_failed, "title": title, "allow": self._allowed}
        if fail_on is not None:
            body["failOn"] = fail_on
        return self.call("POST", "/end?trace=problems", body)


def pytest_configure(config):
    config.addinivalue_line(
        "markers",
        "cckm(clock, scenario, settings, seed, fail_on): the domain of the test, and what fails it",
    )


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    outcome = yield
    if outcome.get_result().failed:
        item.stash[_FAILED] = True


@pytest.fixture(scope="session")
def cckm_emulator():
    """The emulator of the session."""
    variables = {name: value for name, value in os.environ.items() if name.startswith("CCKM_EMULATOR_")}
    if "CCKM_EMULATOR_URL" in variables:
        yield _Server(variables)
        return
    command = [*_command(), "exec", "--", sys.executable, "-c", _HOLD]
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    except OSError as error:
        pytest.exit(f"CCKM_EMULATOR_BIN: cannot start {command[0]}: {error.strerror}", returncode=4)
    with process:
        line = process.stdout.readline()
        if not line:
            pytest.exit(f"`{shlex.join(command[:-2])}` did not start: exit code {process.wait()}", returncode=4)
        yield _Server(json.loads(line))
        process.stdin.close()


def _command():
    configured = os.environ.get("CCKM_EMULATOR_BIN")
    if configured:
        return [configured] if os.path.exists(configured) else shlex.split(configured)
    found = shutil.which("cckm-emulator")
    if found is None:
        pytest.exit(
            "cckm-emulator is not on the PATH: install it, or name it in CCKM_EMULATOR_BIN, "
            "or the address of a running one in CCKM_EMULATOR_URL",
            returncode=4,
        )
    return [found]


@pytest.fixture(scope="session")
def _cckm_run():
    return os.environ.get("CCKM_EMULATOR_RUN_ID") or uuid.uuid4().hex[:10]


@pytest.fixture
def cckm(request, cckm_emulator, _cckm_run):
    """A domain for this test. Then fails the test for problems that its assertions missed, and removes the domain."""
    marker = request.node.get_closest_marker("cckm")
    if marker and marker.args:
        pytest.fail('@pytest.mark.cckm takes named options, such as scenario="slow"', pytrace=False)
    options = dict(marker.kwargs) if marker else {}
    fail_on = options.pop("fail_on", None)
    digest = hashlib.sha256(request.node.nodeid.encode()).digest()
    # The same seed in each run of the test, so that each run makes the same random choices.
    settings = {"randomSeed": int.from_bytes(digest[:4], "big"), **options.pop("settings", {})}
    body = {"clock": "step@2026-01-01T00:00:00Z", **options, "settings": settings}
    name = f"{_cckm_run}-{digest.hex()[:16]}"
    access = cckm_emulator.call("PUT", f"/__admin/domains/{name}", body)
    handle = Cckm(cckm_emulator, name, access)
    yield handle
    has_failed = request.node.stash.get(_FAILED, False)
    try:
        answer = handle._end(has_failed, request.node.nodeid, fail_on)
    except CckmError as error:
        # The test has ended its domain by itself.
        if error.status == 404:
            return
        raise
    if answer["ok"] and not has_failed:
        return
    text = answer["text"] + _written(answer.get("trace"), request)
    if has_failed:
        request.node.add_report_section("teardown", "cckm-emulator", text)
    else:
        pytest.fail(text, pytrace=False)


def _written(trace, request):
    if trace is None:
        return ""
    folder = os.path.join(str(request.config.rootpath), ".cckm-emulator")
    os.makedirs(folder, exist_ok=True)
    file = os.path.join(folder, re.sub(r"[^A-Za-z0-9._-]+", "-", request.node.nodeid)[-120:] + ".html")
    with open(file, "w", encoding="utf-8") as page:
        page.write(trace)
    return f"\ntrace: {file}"
