import type { RuleSet } from '../rule.ts'
import { ADDRESS_RULES } from './javascript/addresses.ts'
import { CIPHER_RULES } from './javascript/ciphers.ts'
import { CODE_RULES } from './javascript/code.ts'
import { COMMAND_RULES } from './javascript/commands.ts'
import { CREDENTIAL_RULES } from './javascript/credentials.ts'
import { EXPOSURE_RULES } from './javascript/exposure.ts'
import { FILE_RULES } from './javascript/files.ts'
import { HEADER_RULES } from './javascript/headers.ts'
import { HTML_RULES } from './javascript/html.ts'
import { OBJECT_RULES } from './javascript/objects.ts'
import { QUERY_RULES } from './javascript/queries.ts'
import { RANDOM_RULES } from './javascript/random.ts'
import { SQL_RULES } from './javascript/sql.ts'
import { TOKEN_RULES } from './javascript/tokens.ts'
import { TRANSPORT_RULES } from './javascript/transport.ts'

/** JavaScript, TypeScript and JSX: their grammars name what these rules look at alike. */
export const JAVASCRIPT: RuleSet = {
  languages: ['javascript', 'typescript', 'tsx'],
  rules: [
    ...ADDRESS_RULES,
    ...CIPHER_RULES,
    ...CODE_RULES,
    ...COMMAND_RULES,
    ...CREDENTIAL_RULES,
    ...EXPOSURE_RULES,
    ...FILE_RULES,
    ...HEADER_RULES,
    ...HTML_RULES,
    ...OBJECT_RULES,
    ...QUERY_RULES,
    ...RANDOM_RULES,
    ...SQL_RULES,
    ...TOKEN_RULES,
    ...TRANSPORT_RULES,
  ],
  bindings: `
    (variable_declarator name: (identifier) @name value: (_) @value)
    (variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @name) value: (_) @value)
    (variable_declarator name: (object_pattern (pair_pattern value: (identifier) @name)) value: (_) @value)
    (variable_declarator name: (object_pattern (pair_pattern value: (assignment_pattern left: (identifier) @name))) value: (_) @value)
    (variable_declarator name: (object_pattern (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name)) value: (_) @value)
    (variable_declarator name: (object_pattern (rest_pattern (identifier) @name)) value: (_) @value)
    (variable_declarator name: (object_pattern (pair_pattern value: (object_pattern (shorthand_property_identifier_pattern) @name))) value: (_) @value)
    (variable_declarator name: (array_pattern (identifier) @name) value: (_) @value)
    (assignment_expression left: (identifier) @name right: (_) @value)
    (augmented_assignment_expression left: (identifier) @name right: (_) @value)
    (for_in_statement left: (identifier) @name right: (_) @value)
    (call_expression function: (member_expression object: (identifier) @name property: (property_identifier) @_push) arguments: (arguments (_) @value) (#eq? @_push "push"))`,
  imports: `
    (import_statement (import_clause (identifier) @local) source: (string) @module)
    (import_statement (import_clause (namespace_import (identifier) @local)) source: (string) @module)
    (import_statement (import_clause (named_imports (import_specifier name: (_) @imported alias: (identifier) @local))) source: (string) @module)
    (import_statement (import_clause (named_imports (import_specifier name: (identifier) @imported @local !alias))) source: (string) @module)
    (variable_declarator name: (identifier) @local value: (call_expression function: (identifier) @_require arguments: (arguments . (string) @module)) (#eq? @_require "require"))
    (variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @imported @local) value: (call_expression function: (identifier) @_require arguments: (arguments . (string) @module)) (#eq? @_require "require"))
    (variable_declarator name: (object_pattern (pair_pattern key: (property_identifier) @imported value: (identifier) @local)) value: (call_expression function: (identifier) @_require arguments: (arguments . (string) @module)) (#eq? @_require "require"))
    (variable_declarator name: (identifier) @local value: (member_expression object: (call_expression function: (identifier) @_require arguments: (arguments . (string) @module)) property: (property_identifier) @imported) (#eq? @_require "require"))
    (variable_declarator name: (identifier) @local value: (await_expression (call_expression function: (import) arguments: (arguments . (string) @module))))
    (variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @imported @local) value: (await_expression (call_expression function: (import) arguments: (arguments . (string) @module))))`,
  literals: new Set(['string', 'number', 'template_string', 'true', 'false', 'null', 'undefined', 'regex']),
  transparent: new Set([
    'binary_expression',
    'parenthesized_expression',
    'array',
    'as_expression',
    'satisfies_expression',
    'non_null_expression',
  ]),
}
