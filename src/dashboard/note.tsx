/** What every user has to know. */
export function Note() {
  return (
    <p class="note" role="note">
      <strong>This is an emulator.</strong> It is not a CipherTrust Manager, not made by Thales, and it manages no real
      keys.
    </p>
  )
}
