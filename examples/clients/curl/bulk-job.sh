#!/usr/bin/env bash
# The life of bulk jobs with curl and jq: sign in, create, poll, read each item's result, cancel, delete.
#
#   CIPHERTRUST_ADDRESS=https://127.0.0.1:7443 CIPHERTRUST_USERNAME=admin CIPHERTRUST_PASSWORD=admin bash bulk-job.sh
#
# client.sh lists further variables.
. "$(dirname "$0")/client.sh"

sign_in
echo "signed in to $address as $CIPHERTRUST_USERNAME"

create azure /cckm/azure/bulkjobs '{"operation": "delete-key-backups", "delete_key_backups_param": {"backups":
  ["f60070f8-5ef8-4685-9121-9ca732cffcbd", "0b6c5a9e-4f9a-4c57-9a67-2f8f6f0a1c11"]}}'
wait_for "$job"
echo "azure: $(field .overall_status)"
check_results azure
call DELETE "$job" '20[0-9]'
call GET "$job" 404
echo 'azure: deleted'

create aws /cckm/aws/bulkjob '{"operation": "enablekey", "keys":
  ["2387500d-bcac-4055-a48d-19592c3332ff", "2387500d-bcac-4055-a48d-19592c3332fe"]}'
wait_for "$job"
echo "aws: $(field .overall_status)"
check_results aws

create cancel /cckm/aws/bulkjob '{"operation": "disablekey", "keys": ["2387500d-bcac-4055-a48d-19592c3332ff"]}'
call POST "$job/cancel" '20[0-9]'
[ "$(field .abort)" = true ] || fail 'cancel: the job is not marked as aborted'
wait_for "$job"
echo "cancel: $(field .overall_status)"
