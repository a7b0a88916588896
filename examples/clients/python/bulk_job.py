#!/usr/bin/env python3
"""The life of bulk jobs with Python's standard library: sign in, create, poll, read results, cancel, delete.

    CIPHERTRUST_ADDRESS=https://127.0.0.1:7443 CIPHERTRUST_USERNAME=admin CIPHERTRUST_PASSWORD=admin python3 bulk_job.py

client.py lists further variables.
"""

from client import Failure, check_results, run


def azure(client):
    backups = ["f60070f8-5ef8-4685-9121-9ca732cffcbd", "0b6c5a9e-4f9a-4c57-9a67-2f8f6f0a1c11"]
    body = {"operation": "delete-key-backups", "delete_key_backups_param": {"backups": backups}}
    path = client.create("/cckm/azure/bulkjobs", body)
    print(f"azure: created {path}")
    check_results("azure", client.wait_for(path))
    client.call("DELETE", path)
    client.call("GET", path, expected=(404,))
    print("azure: deleted")


def aws(client):
    keys = ["2387500d-bcac-4055-a48d-19592c3332ff", "2387500d-bcac-4055-a48d-19592c3332fe"]
    path = client.create("/cckm/aws/bulkjob", {"operation": "enablekey", "keys": keys})
    print(f"aws: created {path}")
    check_results("aws", client.wait_for(path))


def cancel(client):
    keys = ["2387500d-bcac-4055-a48d-19592c3332ff"]
    path = client.create("/cckm/aws/bulkjob", {"operation": "disablekey", "keys": keys})
    if not client.call("POST", f"{path}/cancel").json["abort"]:
        raise Failure("cancel: the job is not marked as aborted")
    print(f"cancel: {client.wait_for(path)['overall_status']}")


if __name__ == "__main__":
    run(azure, aws, cancel)
