/**
 * The sources that the ledger cites, by the name that its entries use. Paths are below `thalesdocs.com/ctp/cm/<version>/`;
 * the versions are those that were read.
 */
export const SOURCES = {
  own: 'no source: decided here',
  'azure-create': '`reference/cckmapi/azure-apis/azure-bulk-apis/azure-bulk-create/`, 2.16 and 2.18',
  'azure-view': '`reference/cckmapi/azure-apis/azure-bulk-apis/azure-bulk-view/`, latest',
  'aws-create': '`reference/cckmapi/aws-apis/aws-kclm-apis/aws-api-create-bulk-job/`, 2.14',
  'aws-get': '`reference/cckmapi/aws-apis/aws-kclm-apis/aws-api-get-bulk-job-id/`, 2.12 and 2.14',
  'aws-list': '`reference/cckmapi/aws-apis/aws-kclm-apis/aws-api-list-bulk-jobs/`, 2.14',
  'aws-cancel': '`reference/cckmapi/aws-apis/aws-kclm-apis/aws-api-cancel-bulk-job/`, 2.14',
  sync: 'the pages of synchronization jobs beside those, such as `sap-keys-apis/sap-synchronize-keys/`',
  'key-cycle': '`reference/cckmapi/`, key life cycle: the id of a domain is part of its uris',
  'sfdc-issuers': 'the page on Salesforce issuers of `latest`, whose sample token of July 2024 is ES256',
  users: '`admin/cm_admin/`, the page "Managing Users", 2.9, 2.11 and latest',
  tokens: '`admin/cm_admin/authentication/tokens/`, 2.13 to latest',
  cdp: '`admin/cdp/cdp-interfaces/`, 2.18: a whole token response',
  rest: '`admin/cm_admin/rest-api/` and `reference/cckmapi/restful/`, 2.5',
  cte: '`admin/cte_ag/cte-response-codes/`: the only page with the text for an expired token',
  'aws-keys':
    '`reference/cckmapi/aws-apis/`: `aws-api-view`, `-fetch`, `-enable`, `-disable`, `-schedule`, `-refresh`, 2.0 to latest',
  'aws-kms': '`reference/cckmapi/aws-apis/kms-apis/`',
  'aws-policies': '`reference/cckmapi/aws-apis/aws-policy-apis/` and `aws-key-get/`',
  'azure-keys':
    '`reference/cckmapi/azure-apis/`: `azure-api-view`, `-create`, `-soft`, `-purge`, `-del`, `-key-refresh`, and the same of secrets',
  'azure-vaults': '`reference/cckmapi/azure-apis/vault-mgmt-apis/`',
  'aws-key-states':
    "docs.aws.amazon.com, KMS developer guide: `key-state` and `deleting-keys-cancelling-key-deletion`, AWS's own rules",
  'ansible-cckm':
    'ThalesGroup/CDSP-Orchestration-Ansible 1.1.0: its modules for keys, vaults, accounts and connections, their examples and integration targets',
  'terraform-cckm':
    'ThalesGroup/terraform-provider-ciphertrust of 2026: `internal/provider/cckm`, its documentation and acceptance tests',
  operations:
    "AdityaKukreti/terraform-provider-ciphertrust, `.claude/swagger/operations.md`: one line for each operation of the vendor's API definition of 2026",
  ansible: 'ThalesGroup/CDSP-Orchestration-Ansible: its modules for bulk jobs and its HTTP layer, old and new',
  terraform: 'ThalesGroup/terraform-provider-ciphertrust: HTTP layer, ACL tables, tests',
  'terraform-2026':
    'ThalesGroup/terraform-provider-ciphertrust of 2026, `client.go`: puts a slash before its `tenant`, says that `auth_domain_path` supersedes `auth_domain`, and after each sign-in reads `status.code` (is it `none`?) and `nodeCount`',
  powershell: 'ThalesGroup/CDSP-Orchestration: its module for tokens, which follows the API playground',
  sdk: 'atav928/ciphertrust-sdk, Python',
  skills: 'sanyambassi/ciphertrust-skills, `lib/cm_client.py`',
  metrics: 'sanyambassi/ciphertrust-metrics: its client, and how it reads accounts',
  mcp: 'sanyambassi/ciphertrust-manager-mcp-server, which calls `ksctl`',
  cminfo: 'thalescpl-io/ciphertrust-info',
  js: 'snpranav/object-storage-encryption-demo: a sign-in with axios',
  kroxylicious: 'Kroxylicious: the tests of its CipherTrust authentication',
  tink: 'tillo/tink-java-ciphertrust: a fake written after a CM 2.22',
  kmip: 'an error text that a KMIP client shows',
} as const

export type SourceName = keyof typeof SOURCES
