"""A client with the pauses of production: 1 to 15 s between polls, retries, and a new sign-in after a 401."""

import http.client
import json
import os
import time
import urllib.error
import urllib.request

URL = os.environ["CCKM_EMULATOR_URL"] + "/api/v1"
token = os.environ["CCKM_EMULATOR_TOKEN"]


def sign_in():
    global token
    user = {"username": os.environ["CCKM_EMULATOR_USERNAME"], "password": os.environ["CCKM_EMULATOR_PASSWORD"]}
    request = urllib.request.Request(URL + "/auth/tokens", json.dumps(user).encode(), {"content-type": "application/json"})
    token = json.load(urllib.request.urlopen(request, timeout=10))["jwt"]


def call(method, path, body=None):
    for wait in (1, 2, 4, 8, None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"authorization": "Bearer " + token, "content-type": "application/json"}
        try:
            request = urllib.request.Request(URL + path, data, headers, method=method)
            return json.load(urllib.request.urlopen(request, timeout=10))
        except urllib.error.HTTPError as error:
            if wait is None:
                raise
            if error.code == 401:
                sign_in()
            else:
                time.sleep(wait)
        except (OSError, ValueError, http.client.HTTPException):
            if wait is None or method != "GET":
                raise
            time.sleep(wait)


job = call("POST", "/cckm/aws/bulkjob", {"keys": ["k1", "k2"], "operation": "enablekey"})
wait = 1
while job["overall_status"] == "in_progress":
    time.sleep(wait)
    wait = min(wait * 2, 15)
    job = call("GET", "/cckm/aws/bulkjob/" + job["id"])
