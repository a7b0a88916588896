// The life of bulk jobs with fetch: sign in, create, poll, read each item's result, cancel, delete.
//
//   CIPHERTRUST_ADDRESS=https://127.0.0.1:7443 CIPHERTRUST_USERNAME=admin CIPHERTRUST_PASSWORD=admin node bulk-job.ts
//
// client.ts lists further variables.

import { call, checkResults, create, run, waitFor, type Job } from './client.ts'

async function azure(): Promise<void> {
  const path = await create('/cckm/azure/bulkjobs', {
    operation: 'delete-key-backups',
    delete_key_backups_param: {
      backups: ['f60070f8-5ef8-4685-9121-9ca732cffcbd', '0b6c5a9e-4f9a-4c57-9a67-2f8f6f0a1c11'],
    },
  })
  console.log(`azure: created ${path}`)
  checkResults('azure', await waitFor(path))
  await call('DELETE', path)
  await call('GET', path, undefined, 404)
  console.log('azure: deleted')
}

async function aws(): Promise<void> {
  const keys = ['2387500d-bcac-4055-a48d-19592c3332ff', '2387500d-bcac-4055-a48d-19592c3332fe']
  const path = await create('/cckm/aws/bulkjob', { operation: 'enablekey', keys })
  console.log(`aws: created ${path}`)
  checkResults('aws', await waitFor(path))
}

async function cancel(): Promise<void> {
  const keys = ['2387500d-bcac-4055-a48d-19592c3332ff']
  const path = await create('/cckm/aws/bulkjob', { operation: 'disablekey', keys })
  const { abort } = (await (await call('POST', `${path}/cancel`)).json()) as Job
  if (!abort) throw new Error('cancel: the job is not marked as aborted')
  console.log(`cancel: ${(await waitFor(path)).overall_status}`)
}

await run(azure, aws, cancel)
