"""What the examples share: a client of CipherTrust Manager with Python's standard library.

CIPHERTRUST_ADDRESS, CIPHERTRUST_USERNAME and CIPHERTRUST_PASSWORD are required. CIPHERTRUST_DOMAIN names a domain other than
root. CIPHERTRUST_CA_FILE, or CIPHERTRUST_CA_CERT (Terraform's name), is the PEM file of the CA; without it the certificate is
not checked. CIPHERTRUST_TIMEOUT is the time limit of a job in seconds (600).
"""

import json
import os
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

BAD_MOMENTS = (429, 502, 503, 504)


class Failure(Exception):
    """The result is not the expected one."""


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.json = json.loads(body) if body else None

    def __str__(self):
        error = self.json or {}
        return f"{self.status} {error.get('codeDesc', '')}: {error.get('message', '')}"


class Client:
    """Calls the API with a token, and renews the token after a 401."""

    def __init__(self, environment):
        self.api = required(environment, "CIPHERTRUST_ADDRESS").rstrip("/") + "/api/v1"
        self.credentials = {
            "grant_type": "password",
            "username": required(environment, "CIPHERTRUST_USERNAME"),
            "password": required(environment, "CIPHERTRUST_PASSWORD"),
        }
        if environment.get("CIPHERTRUST_DOMAIN"):
            self.credentials["domain"] = environment["CIPHERTRUST_DOMAIN"]
        self.timeout = float(environment.get("CIPHERTRUST_TIMEOUT", "600"))
        self.trust = trust(environment.get("CIPHERTRUST_CA_FILE") or environment.get("CIPHERTRUST_CA_CERT"))
        self.token = None

    def request(self, method, path, body=None):
        request = urllib.request.Request(self.api + path, method=method)
        request.add_header("Accept", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, timeout=60, context=self.trust) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Answer(refusal.code, refusal.headers, refusal.read())

    def sign_in(self):
        self.token = None
        answer = self.request("POST", "/auth/tokens", self.credentials)
        if answer.status != 200:
            raise Failure(f"sign-in: {answer}")
        self.token = answer.json["jwt"]

    def call(self, method, path, body=None, expected=range(200, 300)):
        """Signs in again after a 401, and retries a GET after a temporary error."""
        delays = [1, 2, 4]
        is_renewed = False
        while True:
            answer = self.request(method, path, body)
            if answer.status in expected:
                return answer
            if method == "GET" and answer.status in BAD_MOMENTS and delays:
                pause(answer, delays.pop(0))
            elif answer.status == 401 and not is_renewed:
                is_renewed = True
                self.sign_in()
            else:
                raise Failure(f"{method} {path}: {answer}")

    def create(self, path, body):
        """Returns the path of the new job."""
        job = self.call("POST", path, body).json
        return f"{path}/{urllib.parse.quote(job['id'], safe='')}"

    def wait_for(self, path):
        """Polls with back-off until the job has ended, and returns its final state."""
        deadline = time.monotonic() + self.timeout
        delay = 0.5
        while True:
            answer = self.call("GET", path)
            if answer.json["overall_status"] != "in_progress":
                return answer.json
            if time.monotonic() >= deadline:
                raise Failure(f"{path} was still in progress after {self.timeout:g} s")
            pause(answer, delay)
            delay = min(delay * 2, 10)


def required(environment, name):
    value = environment.get(name)
    if not value:
        raise Failure(f"{name} is not set")
    return value


def trust(ca_file):
    if ca_file:
        return ssl.create_default_context(cafile=ca_file)
    unchecked = ssl.create_default_context()
    unchecked.check_hostname = False
    unchecked.verify_mode = ssl.CERT_NONE
    return unchecked


def pause(answer, delay):
    """Waits for the seconds of `Retry-After`, or else for the delay."""
    asked = answer.headers.get("Retry-After", "")
    time.sleep(int(asked) if asked.isdigit() else delay)


def check_results(name, job):
    """A completed job can have failed items, so each item is checked."""
    results = job.get("detailed_status") or {}
    print(f"{name}: {job['overall_status']}")
    for item, result in results.items():
        print(f"  {item}: {result}")
    if job["overall_status"] != "completed":
        raise Failure(f"{name}: ended as {job['overall_status']}")
    if not results or any(result != "Success" for result in results.values()):
        raise Failure(f"{name}: not every item succeeded")


def run(*steps):
    """Signs in and takes each step; exits with 1 and the reason if one fails."""
    try:
        client = Client(os.environ)
        client.sign_in()
        for step in steps:
            step(client)
    except KeyError as missing:
        sys.exit(f"FAILED: {missing} is not in an answer")
    except (Failure, OSError, ValueError) as failure:
        sys.exit(f"FAILED: {failure}")
