import { validateFiles } from '../files/validate.ts'
import { print } from './stdio.ts'

/** Says what is wrong with files, a line for each problem as compilers do; exit code 2 if there is any. */
export async function validate(paths: readonly string[]): Promise<void> {
  const { files, problems } = await validateFiles(paths)
  if (problems.length === 0) {
    print(files === 1 ? '1 file is good' : `${files} files are good`)
    return
  }
  process.stderr.write(problems.map((line) => `${line}\n`).join(''))
  process.exitCode = 2
}
