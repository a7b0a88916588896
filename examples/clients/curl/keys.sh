#!/usr/bin/env bash
# Bulk jobs over keys of the inventory: list keys, pick some, start a job, poll it, check the keys.
#
#   CIPHERTRUST_ADDRESS=https://127.0.0.1:7443 CIPHERTRUST_USERNAME=admin CIPHERTRUST_PASSWORD=admin bash keys.sh
#
# Disables up to two AWS keys and enables them again; makes a backup of an Azure key and deletes it. client.sh lists further
# variables.
. "$(dirname "$0")/client.sh"

# ids PATH FILTERS -- sets $ids to the ids of a list, as JSON; fails if there are none
ids() {
  call GET "$1?$2" 200
  ids=$(jq -c '[.resources[].id]' "$work/body")
  [ "$ids" != '[]' ] || fail "$1: nothing fits $2"
}

# item PATH -- the path of the item of which $ids has the first
item() { echo "$1/$(jq -r '.[0] | @uri' <<<"$ids")"; }

sign_in

ids /cckm/aws/keys 'enabled=true&gone=false&keymanager=CUSTOMER&limit=2'
create aws /cckm/aws/bulkjob "$(jq -n --argjson keys "$ids" '{operation: "disablekey", keys: $keys}')"
wait_for "$job"
echo "aws: $(field .overall_status)"
check_results aws
for id in $(jq -r '.[] | @uri' <<<"$ids"); do
  call GET "/cckm/aws/keys/$id" 200
  state=$(field .aws_param.KeyState)
  echo "aws: $id is $state"
  [ "$state" = Disabled ] || fail "aws: $id is $state"
  call POST "/cckm/aws/keys/$id/enable" '20[0-9]'
done

ids /cckm/azure/vaults 'limit=1'
call GET "$(item /cckm/azure/vaults)" 200
ids /cckm/azure/keys "key_vault=$(field '.name | @uri')&status=AVAILABLE&version=-1&limit=1"
key=$(item /cckm/azure/keys)
call POST "$key/backups" '20[0-9]' '{"name": "made-by-an-example"}'
ids "$key/backups" 'name=made-by-an-example&sort=-createdAt'
create azure /cckm/azure/bulkjobs "$(jq -n --argjson backups "$ids" \
  '{operation: "delete-key-backups", delete_key_backups_param: {backups: $backups}}')"
wait_for "$job"
echo "azure: $(field .overall_status)"
check_results azure
for id in $(jq -r '.[] | @uri' <<<"$ids"); do call GET "$key/backups/$id" 404; done
call GET "$key" 200
echo "azure: $(jq length <<<"$ids") backups are gone, $(field .key_name) is $(field .status)"
