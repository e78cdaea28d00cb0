import type { RuleSet } from '../rule.ts'
import { CIPHER_RULES } from './java/ciphers.ts'
import { CODE_RULES } from './java/code.ts'
import { FILE_RULES } from './java/files.ts'
import { HASH_RULES } from './java/hashes.ts'
import { HTTP_RULES } from './java/http.ts'
import { INJECTION_RULES } from './java/injection.ts'
import { OBJECT_RULES } from './java/objects.ts'
import { OUTPUT_RULES } from './java/output.ts'
import { REQUEST_RULES } from './java/requests.ts'
import { SECRET_RULES } from './java/secrets.ts'
import { TLS_RULES } from './java/tls.ts'
import { TOKEN_RULES } from './java/tokens.ts'
import { XML_RULES } from './java/xml.ts'

/** Methods that add their arguments to what they belong to. */
const ADDING = '"append" "insert" "add" "put" "addAll"'
/** Calls of a chain behind the first whose arguments are added to the same builder. */
const MAX_CHAIN = 5

/** `sql.append(a).append(b)`: each of the arguments, by how many calls stand before it. */
function additions(): string {
  let object = '(identifier) @name'
  let patterns = ''
  for (let i = 0; i < MAX_CHAIN; i++) {
    patterns += `(method_invocation object: ${object} name: (identifier) @_method arguments: (argument_list (_) @value) (#any-of? @_method ${ADDING}))\n`
    object = `(method_invocation object: ${object})`
  }
  return patterns
}

export const JAVA: RuleSet = {
  languages: ['java'],
  rules: [
    ...INJECTION_RULES,
    ...CODE_RULES,
    ...FILE_RULES,
    ...OBJECT_RULES,
    ...XML_RULES,
    ...REQUEST_RULES,
    ...OUTPUT_RULES,
    ...HTTP_RULES,
    ...TLS_RULES,
    ...HASH_RULES,
    ...CIPHER_RULES,
    ...SECRET_RULES,
    ...TOKEN_RULES,
  ],
  bindings: `
    (variable_declarator name: (identifier) @name value: (_) @value)
    (variable_declarator name: (identifier) @name !value) @value
    (assignment_expression left: (identifier) @name right: (_) @value)
    (assignment_expression left: (field_access object: (this) field: (identifier) @name) right: (_) @value)
    (assignment_expression left: (array_access array: (identifier) @name) right: (_) @value)
    (resource name: (identifier) @name value: (_) @value)
    (enhanced_for_statement name: (identifier) @name value: (_) @value)
    (formal_parameter name: (identifier) @name) @value
    (catch_formal_parameter name: (identifier) @name) @value
    (lambda_expression parameters: (identifier) @name @value)
    (inferred_parameters (identifier) @name) @value
    (method_invocation !object name: (identifier) @name) @value
    (method_invocation object: (this) name: (identifier) @name) @value
    ${additions()}`,
  imports: `
    (import_declaration (scoped_identifier) @module)`,
  literals: new Set([
    'string_literal',
    'character_literal',
    'decimal_integer_literal',
    'hex_integer_literal',
    'octal_integer_literal',
    'binary_integer_literal',
    'decimal_floating_point_literal',
    'true',
    'false',
    'null_literal',
    'class_literal',
  ]),
  transparent: new Set([
    'binary_expression',
    'unary_expression',
    'parenthesized_expression',
    'array_initializer',
    'ternary_expression',
    'cast_expression',
  ]),
}
