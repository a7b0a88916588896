import { existsSync } from 'node:fs'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** Syntax that type stripping cannot erase, or that hides where a name comes from. */
const forbidden = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: 'ExportSpecifier[exported.name="default"]', message: 'Named exports only.' },
  { selector: 'TSEnumDeclaration', message: 'No enums: use a union of literals.' },
  { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'No namespaces: use a module.' },
  { selector: 'TSParameterProperty', message: 'No parameter properties: declare the field.' },
]

// These have types of the packages in tools/, which `npm ci` does not install.
const toolFiles = ['src/testing/testcontainers.ts', 'tools/*.ts']
const hasTools = existsSync(new URL('tools/node_modules', import.meta.url))
if (!hasTools) console.warn(`Not linted without \`npm ci --prefix tools\`: ${toolFiles.join(', ')}`)

export default defineConfig(
  {
    ignores: [
      ...(hasTools ? [] : toolFiles),
      'dist',
      'coverage',
      'reports',
      '.stryker-tmp',
      'test/.docs',
      'test/.projects',
      'test/browser/screenshots',
      'fixtures',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: ['error', 'always'],
      'prefer-const': 'error',
      'no-restricted-syntax': ['error', ...forbidden],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Both read well; which one fits depends on the type.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // An asynchronous seam (JobStore, handlers) may have a synchronous implementation.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
    },
  },
  {
    files: toolFiles,
    languageOptions: { parserOptions: { projectService: false, project: 'tools/tsconfig.json' } },
  },
  {
    files: ['test/**/*.ts', 'tools/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts', '*.config.ts'],
    rules: {
      // A test may trust what it has just made, and say so shortly.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['test/**/*.ts'],
    ignores: ['test/support/fast-check.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'fast-check', message: 'Use test/support/fast-check.ts, which sets the seed.' }] },
      ],
    },
  },
  {
    // The tools read their configuration from a default export.
    files: ['**/*.config.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...forbidden.filter((rule) => rule.selector !== 'ExportDefaultDeclaration')],
    },
  },
)
