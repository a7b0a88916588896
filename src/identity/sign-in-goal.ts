import type { Domain } from '../domain/domain.ts'
import { EmulatorError } from '../errors.ts'
import { ROOT_DOMAIN } from '../model/domain.ts'
import { domainOf, type SignIn } from '../wire/sign-in.ts'
import { clientSecretOf, identify, named, passwordOf, type SignInOptions } from './sign-in.ts'

/**
 * The domain that a sign-in is about, where it is there already: its journal has the sign-in, and its faults may hit it.
 * A sign-in that will be refused is about the domain that it names.
 */
export function createSignInGoal(options: SignInOptions): (signIn: SignIn) => Domain | undefined {
  return (signIn) => {
    const wanted = domainOf(signIn)
    if (signIn.grant_type === 'refresh_token') return wanted === undefined ? ownerOf(signIn, options) : at(wanted)
    return at(nameOf(signIn) ?? wanted ?? ROOT_DOMAIN)
  }

  function at(nameOrId: string): Domain | undefined {
    return named(options.domains, nameOrId)
  }

  function nameOf(signIn: SignIn): string | undefined {
    try {
      const credentials = signIn.grant_type === 'client_credential' ? clientSecretOf(signIn) : passwordOf(signIn)
      return identify(options, credentials, signIn).goesTo
    } catch (error) {
      if (error instanceof EmulatorError) return undefined
      throw error
    }
  }
}

function ownerOf({ refresh_token = '' }: SignIn, { sessions, domains }: SignInOptions): Domain | undefined {
  const token = sessions.byValue(refresh_token)
  return token === undefined ? undefined : domains.byId(token.domainId)
}
