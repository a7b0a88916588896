interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly words: readonly string[]
  /** How words are shown, where that is not as they are. */
  readonly names?: ReadonlyMap<string, string>
  readonly onChange: (value: string) => void
}

/** A choice of one word, or of any. */
export function Choice({ label, value, words, names, onChange }: ChoiceProps) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        <option value="">any</option>
        {words.map((word) => (
          <option key={word} value={word}>
            {names?.get(word) ?? word}
          </option>
        ))}
      </select>
    </label>
  )
}
