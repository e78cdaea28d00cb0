import type { RuleSet } from '../rule.ts'
import { CIPHER_RULES } from './python/ciphers.ts'
import { COMMAND_RULES } from './python/commands.ts'
import { CREDENTIAL_RULES } from './python/credentials.ts'
import { DESERIALISATION_RULES } from './python/deserialisation.ts'
import { FILE_RULES } from './python/files.ts'
import { HASH_RULES } from './python/hashes.ts'
import { INJECTION_RULES } from './python/injection.ts'
import { NETWORK_RULES } from './python/network.ts'
import { SECRET_RULES } from './python/secrets.ts'
import { SETTING_RULES } from './python/settings.ts'
import { TEXT_RULES } from './python/text.ts'
import { WEB_RULES } from './python/web.ts'

export const PYTHON: RuleSet = {
  languages: ['python'],
  rules: [
    ...COMMAND_RULES,
    ...INJECTION_RULES,
    ...WEB_RULES,
    ...SETTING_RULES,
    ...FILE_RULES,
    ...DESERIALISATION_RULES,
    ...HASH_RULES,
    ...CIPHER_RULES,
    ...NETWORK_RULES,
    ...CREDENTIAL_RULES,
    ...SECRET_RULES,
    ...TEXT_RULES,
  ],
  bindings: `
    (assignment left: [(identifier) (attribute)] @name right: (_) @value)
    (assignment left: [(pattern_list (identifier) @name) (tuple_pattern (identifier) @name)] right: (_) @value)
    (assignment left: (subscript value: (identifier) @name) right: (_) @value)
    (augmented_assignment left: [(identifier) (attribute)] @name right: (_) @value)
    (named_expression name: (identifier) @name value: (_) @value)
    (for_statement left: [(identifier) @name (pattern_list (identifier) @name) (tuple_pattern (identifier) @name)] right: (_) @value)
    (for_in_clause left: [(identifier) @name (pattern_list (identifier) @name) (tuple_pattern (identifier) @name)] right: (_) @value)
    (as_pattern . (_) @value alias: (as_pattern_target (identifier) @name))
    (call
      function: (attribute object: (identifier) @name attribute: (identifier) @_method)
      arguments: (argument_list . (_) @value)
      (#any-of? @_method "append" "extend" "add" "insert" "update"))`,
  imports: `
    (import_statement name: (dotted_name . (identifier) @local @module))
    (import_statement name: (aliased_import name: (dotted_name) @module alias: (identifier) @local))
    (import_from_statement module_name: (_) @module name: (dotted_name) @imported @local)
    (import_from_statement module_name: (_) @module name: (aliased_import name: (dotted_name) @imported alias: (identifier) @local))`,
  literals: new Set(['string', 'integer', 'float', 'true', 'false', 'none']),
  transparent: new Set([
    'binary_operator',
    'parenthesized_expression',
    'concatenated_string',
    'list',
    'tuple',
    'set',
    'expression_list',
  ]),
}
