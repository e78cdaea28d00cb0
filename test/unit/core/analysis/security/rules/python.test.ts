import { describe } from 'vitest'
import { PYTHON } from '../../../../../../core/analysis/security/rules/python.ts'
import { describeMutations, describeRules } from './rule-samples.ts'
import { CIPHER_SAMPLES } from './samples/python/ciphers.ts'
import { COMMAND_SAMPLES } from './samples/python/commands.ts'
import { CREDENTIAL_SAMPLES } from './samples/python/credentials.ts'
import { DESERIALISATION_SAMPLES } from './samples/python/deserialisation.ts'
import { FILE_SAMPLES } from './samples/python/files.ts'
import { HASH_SAMPLES } from './samples/python/hashes.ts'
import { INJECTION_SAMPLES } from './samples/python/injection.ts'
import { NETWORK_SAMPLES } from './samples/python/network.ts'
import { SECRET_SAMPLES } from './samples/python/secrets.ts'
import { SETTING_SAMPLES } from './samples/python/settings.ts'
import { TEXT_SAMPLES } from './samples/python/text.ts'
import { WEB_SAMPLES } from './samples/python/web.ts'

const SAMPLES = {
  ...COMMAND_SAMPLES,
  ...INJECTION_SAMPLES,
  ...WEB_SAMPLES,
  ...SETTING_SAMPLES,
  ...FILE_SAMPLES,
  ...DESERIALISATION_SAMPLES,
  ...HASH_SAMPLES,
  ...CIPHER_SAMPLES,
  ...NETWORK_SAMPLES,
  ...CREDENTIAL_SAMPLES,
  ...SECRET_SAMPLES,
  ...TEXT_SAMPLES,
}

describe('rules for Python', () => {
  describeRules(PYTHON, SAMPLES)
  describeMutations(PYTHON, SAMPLES)
})
