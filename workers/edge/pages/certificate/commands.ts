import type { Certificate } from '../../../../schema/wire/certificate.ts'
import { CERTIFICATE_ID_PATTERN } from '../../../../schema/wire/vocabulary.ts'
import type { Site } from '../page.ts'

const KID_PATTERN = /^[\w-]{1,64}$/

/**
 * Shell commands that verify the signature with tools of one's own. `jq -cS` writes RFC 8785's form for what
 * certificates hold; the id and the key's name are quoted only after they matched their patterns, for people
 * paste this into a shell.
 */
export function verificationCommands(site: Site, certificate: Certificate): string {
  const id = CERTIFICATE_ID_PATTERN.test(certificate.certificate_id) ? certificate.certificate_id : 'ID'
  const kid = KID_PATTERN.test(certificate.signature.public_key_id)
    ? certificate.signature.public_key_id
    : 'KID'
  return `curl -fsS '${site.baseUrl}/v1/trust/certs/${id}' -o certificate.json
jq -cSj 'del(.signature, .status, .log, .blockchain_hash)' certificate.json > signed.json
jq -r .signature.value certificate.json | openssl base64 -d -A > signature.bin
curl -fsS '${site.baseUrl}/.well-known/coderisk/trust-root.json' |
  jq -r '.payload | gsub("-";"+") | gsub("_";"/") | @base64d | fromjson | .keys[] | select(.kid == "${kid}") | .pem' > key.pem
sha256sum signed.json
openssl dgst -sha256 -verify key.pem -signature signature.bin signed.json`
}
