import { describe } from 'vitest'
import { JAVASCRIPT } from '../../../../../../core/analysis/security/rules/javascript.ts'
import { describeMutations, describeRules } from './rule-samples.ts'
import { ADDRESS_SAMPLES } from './samples/javascript/addresses.ts'
import { CIPHER_SAMPLES } from './samples/javascript/ciphers.ts'
import { CODE_SAMPLES } from './samples/javascript/code.ts'
import { COMMAND_SAMPLES } from './samples/javascript/commands.ts'
import { CREDENTIAL_SAMPLES } from './samples/javascript/credentials.ts'
import { EXPOSURE_SAMPLES } from './samples/javascript/exposure.ts'
import { FILE_SAMPLES } from './samples/javascript/files.ts'
import { HEADER_SAMPLES } from './samples/javascript/headers.ts'
import { HTML_SAMPLES } from './samples/javascript/html.ts'
import { OBJECT_SAMPLES } from './samples/javascript/objects.ts'
import { QUERY_SAMPLES } from './samples/javascript/queries.ts'
import { RANDOM_SAMPLES } from './samples/javascript/random.ts'
import { SQL_SAMPLES } from './samples/javascript/sql.ts'
import { TOKEN_SAMPLES } from './samples/javascript/tokens.ts'
import { TRANSPORT_SAMPLES } from './samples/javascript/transport.ts'

const SAMPLES = {
  ...ADDRESS_SAMPLES,
  ...CIPHER_SAMPLES,
  ...CODE_SAMPLES,
  ...COMMAND_SAMPLES,
  ...CREDENTIAL_SAMPLES,
  ...EXPOSURE_SAMPLES,
  ...FILE_SAMPLES,
  ...HEADER_SAMPLES,
  ...HTML_SAMPLES,
  ...OBJECT_SAMPLES,
  ...QUERY_SAMPLES,
  ...RANDOM_SAMPLES,
  ...SQL_SAMPLES,
  ...TOKEN_SAMPLES,
  ...TRANSPORT_SAMPLES,
}

describe('rules for JavaScript and TypeScript', () => {
  describeRules(JAVASCRIPT, SAMPLES)
  describeMutations(JAVASCRIPT, SAMPLES)
})
