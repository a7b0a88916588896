#!/usr/bin/env python3
"""Bulk jobs over keys of the inventory: list keys, pick some, start a job, poll it, check the keys.

    CIPHERTRUST_ADDRESS=https://127.0.0.1:7443 CIPHERTRUST_USERNAME=admin CIPHERTRUST_PASSWORD=admin python3 keys.py

Disables up to two AWS keys and enables them again; makes a backup of an Azure key and deletes it. client.py lists further
variables.
"""

import urllib.parse

from client import Failure, check_results, run

BACKUP = "made-by-an-example"


def items(client, path, **filters):
    """The records of a list; fails if there are none."""
    records = client.call("GET", f"{path}?{urllib.parse.urlencode(filters)}").json["resources"]
    if not records:
        raise Failure(f"{path}: nothing fits {filters}")
    return records


def aws(client):
    keys = items(client, "/cckm/aws/keys", enabled="true", gone="false", keymanager="CUSTOMER", limit=2)
    ids = [key["id"] for key in keys]
    job = client.create("/cckm/aws/bulkjob", {"operation": "disablekey", "keys": ids})
    check_results("aws", client.wait_for(job))
    for id in ids:
        path = f"/cckm/aws/keys/{urllib.parse.quote(id, safe='')}"
        state = client.call("GET", path).json["aws_param"]["KeyState"]
        print(f"aws: {id} is {state}")
        if state != "Disabled":
            raise Failure(f"aws: {id} is {state}")
        client.call("POST", f"{path}/enable")


def azure(client):
    [vault] = items(client, "/cckm/azure/vaults", limit=1)
    [key] = items(client, "/cckm/azure/keys", key_vault=vault["name"], status="AVAILABLE", version="-1", limit=1)
    path = f"/cckm/azure/keys/{urllib.parse.quote(key['id'], safe='')}"
    client.call("POST", f"{path}/backups", {"name": BACKUP})
    ids = [backup["id"] for backup in items(client, f"{path}/backups", name=BACKUP, sort="-createdAt")]
    body = {"operation": "delete-key-backups", "delete_key_backups_param": {"backups": ids}}
    check_results("azure", client.wait_for(client.create("/cckm/azure/bulkjobs", body)))
    for id in ids:
        client.call("GET", f"{path}/backups/{urllib.parse.quote(id, safe='')}", expected=(404,))
    status = client.call("GET", path).json["status"]
    print(f"azure: {len(ids)} backups are gone, {key['key_name']} is {status}")


if __name__ == "__main__":
    run(aws, azure)
