import { describe } from 'vitest'
import { JAVA } from '../../../../../../core/analysis/security/rules/java.ts'
import { describeMutations, describeRules } from './rule-samples.ts'
import { CIPHER_SAMPLES } from './samples/java/ciphers.ts'
import { CODE_SAMPLES } from './samples/java/code.ts'
import { FILE_SAMPLES } from './samples/java/files.ts'
import { HASH_SAMPLES } from './samples/java/hashes.ts'
import { HTTP_SAMPLES } from './samples/java/http.ts'
import { INJECTION_SAMPLES } from './samples/java/injection.ts'
import { OBJECT_SAMPLES } from './samples/java/objects.ts'
import { OUTPUT_SAMPLES } from './samples/java/output.ts'
import { REQUEST_SAMPLES } from './samples/java/requests.ts'
import { SECRET_SAMPLES } from './samples/java/secrets.ts'
import { TLS_SAMPLES } from './samples/java/tls.ts'
import { TOKEN_SAMPLES } from './samples/java/tokens.ts'
import { XML_SAMPLES } from './samples/java/xml.ts'

const SAMPLES = {
  ...INJECTION_SAMPLES,
  ...CODE_SAMPLES,
  ...FILE_SAMPLES,
  ...OBJECT_SAMPLES,
  ...XML_SAMPLES,
  ...REQUEST_SAMPLES,
  ...OUTPUT_SAMPLES,
  ...HTTP_SAMPLES,
  ...TLS_SAMPLES,
  ...HASH_SAMPLES,
  ...CIPHER_SAMPLES,
  ...SECRET_SAMPLES,
  ...TOKEN_SAMPLES,
}

describe('rules for Java', () => {
  describeRules(JAVA, SAMPLES)
  describeMutations(JAVA, SAMPLES)
})
