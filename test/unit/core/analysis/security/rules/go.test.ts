import { describe } from 'vitest'
import { GO } from '../../../../../../core/analysis/security/rules/go.ts'
import { describeMutations, describeRules } from './rule-samples.ts'
import { CIPHER_SAMPLES } from './samples/go/ciphers.ts'
import { COMMAND_SAMPLES } from './samples/go/commands.ts'
import { FILE_SAMPLES } from './samples/go/files.ts'
import { HASH_SAMPLES } from './samples/go/hashes.ts'
import { HTTP_SAMPLES } from './samples/go/http.ts'
import { INJECTION_SAMPLES } from './samples/go/injection.ts'
import { OUTPUT_SAMPLES } from './samples/go/output.ts'
import { REQUEST_SAMPLES } from './samples/go/requests.ts'
import { SECRET_SAMPLES } from './samples/go/secrets.ts'
import { TLS_SAMPLES } from './samples/go/tls.ts'
import { TOKEN_SAMPLES } from './samples/go/tokens.ts'

const SAMPLES = {
  ...INJECTION_SAMPLES,
  ...COMMAND_SAMPLES,
  ...FILE_SAMPLES,
  ...REQUEST_SAMPLES,
  ...OUTPUT_SAMPLES,
  ...HTTP_SAMPLES,
  ...TLS_SAMPLES,
  ...HASH_SAMPLES,
  ...CIPHER_SAMPLES,
  ...SECRET_SAMPLES,
  ...TOKEN_SAMPLES,
}

describe('rules for Go', () => {
  describeRules(GO, SAMPLES)
  describeMutations(GO, SAMPLES)
})
