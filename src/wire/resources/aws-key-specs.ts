import type { ResourceRecord } from '../../model/resource.ts'
import { textOf } from '../resource-record.ts'

/** What AWS says of a key, by its specification and usage: the table "Key spec reference" of AWS KMS. The first usage is assumed. */
const HMACS = [224, 256, 384, 512]
const RSA: Usages = {
  ENCRYPT_DECRYPT: { EncryptionAlgorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] },
  SIGN_VERIFY: {
    SigningAlgorithms: ['PKCS1_V1_5', 'PSS'].flatMap((scheme) =>
      [256, 384, 512].map((bits) => `RSASSA_${scheme}_SHA_${bits}`),
    ),
  },
}
const ECDH: ResourceRecord = { KeyAgreementAlgorithms: ['ECDH'] }

type Usages = Readonly<Record<string, ResourceRecord>>

const SPECS: Readonly<Record<string, Usages>> = {
  SYMMETRIC_DEFAULT: { ENCRYPT_DECRYPT: { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] } },
  RSA_2048: RSA,
  RSA_3072: RSA,
  RSA_4096: RSA,
  ECC_NIST_P256: elliptic(256),
  ECC_NIST_P384: elliptic(384),
  ECC_NIST_P521: elliptic(512),
  ECC_SECG_P256K1: { SIGN_VERIFY: { SigningAlgorithms: ['ECDSA_SHA_256'] } },
  ...Object.fromEntries(
    HMACS.map((bits) => [`HMAC_${bits}`, { GENERATE_VERIFY_MAC: { MacAlgorithmSpec: [`HMAC_SHA_${bits}`] } }]),
  ),
  SM2: {
    ENCRYPT_DECRYPT: { EncryptionAlgorithms: ['SM2PKE'] },
    SIGN_VERIFY: { SigningAlgorithms: ['SM2DSA'] },
    KEY_AGREEMENT: ECDH,
  },
}

function elliptic(bits: number): Usages {
  return { SIGN_VERIFY: { SigningAlgorithms: [`ECDSA_SHA_${bits}`] }, KEY_AGREEMENT: ECDH }
}

const USAGES = ['SIGN_VERIFY', 'ENCRYPT_DECRYPT', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT']
const ORIGINS = ['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE']

/** The default usage of a key. Seeds may have specifications that AWS has added since. */
export function usageOf(spec: string): string {
  return Object.keys(SPECS[spec] ?? {})[0] ?? 'ENCRYPT_DECRYPT'
}

/** The algorithms of a key. */
export function algorithmsOf(spec: string, usage: string): ResourceRecord {
  return SPECS[spec]?.[usage] ?? {}
}

/** The exception with which AWS refuses the creation of such a key; undefined if it does not. */
export function refusedSpec(param: ResourceRecord): string | undefined {
  const [spec, usage, origin] = [param.CustomerMasterKeySpec, param.KeyUsage, param.Origin].map(textOf)
  const choices = [
    ['keySpec', spec, Object.keys(SPECS)],
    ['keyUsage', usage, USAGES],
    ['origin', origin, ORIGINS],
  ] as const
  const wrong = choices.find(([, value, known]) => value !== undefined && !known.includes(value))
  if (wrong !== undefined) {
    const [member, value = '', known] = wrong
    return (
      `ValidationException: 1 validation error detected: Value '${value}' at '${member}' failed to satisfy ` +
      `constraint: Member must satisfy enum value set: [${known.join(', ')}]`
    )
  }
  const chosen = spec ?? 'SYMMETRIC_DEFAULT'
  if (usage === undefined || Object.hasOwn(SPECS[chosen] ?? {}, usage)) return undefined
  return `ValidationException: KeyUsage ${usage} is not compatible with KeySpec ${chosen}`
}
