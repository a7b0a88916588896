import { validateFiles } from '../files/validate.ts'
import { counted } from './client/text.ts'
import { print } from './stdio.ts'

/** Checks files. Prints a line for each problem, as compilers do, and sets exit code 2 if there is any. */
export async function validate(paths: readonly string[]): Promise<void> {
  const { files, problems } = await validateFiles(paths)
  if (problems.length === 0) {
    print(`${counted(files, 'file')} OK`)
    return
  }
  process.stderr.write(problems.map((line) => `${line}\n`).join(''))
  process.exitCode = 2
}
