import type { RuleSet } from '../rule.ts'
import { CIPHER_RULES } from './go/ciphers.ts'
import { COMMAND_RULES } from './go/commands.ts'
import { FILE_RULES } from './go/files.ts'
import { HASH_RULES } from './go/hashes.ts'
import { HTTP_RULES } from './go/http.ts'
import { INJECTION_RULES } from './go/injection.ts'
import { OUTPUT_RULES } from './go/output.ts'
import { REQUEST_RULES } from './go/requests.ts'
import { SECRET_RULES } from './go/secrets.ts'
import { TLS_RULES } from './go/tls.ts'
import { TOKEN_RULES } from './go/tokens.ts'

/** Decoders and binders: what they are given the address of stands for what they read afterwards. */
const FILLING =
  '"Decode" "Unmarshal" "Bind" "BindJSON" "BindQuery" "BindUri" "BindHeader" "ShouldBind" "ShouldBindJSON" "ShouldBindQuery" "ShouldBindUri" "BodyParser" "QueryParser" "ReadJSON" "ReadForm"'

export const GO: RuleSet = {
  languages: ['go'],
  rules: [
    ...INJECTION_RULES,
    ...COMMAND_RULES,
    ...FILE_RULES,
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
    (short_var_declaration left: (expression_list (identifier) @name) right: (expression_list (_) @value) (#not-eq? @name "err"))
    (assignment_statement left: (expression_list (identifier) @name) right: (expression_list (_) @value) (#not-eq? @name "err"))
    (assignment_statement left: (expression_list (index_expression operand: (identifier) @name)) right: (expression_list (_) @value))
    (var_spec name: (identifier) @name value: (expression_list (_) @value))
    (var_spec name: (identifier) @name !value) @value
    (const_spec name: (identifier) @name value: (expression_list (_) @value))
    (range_clause left: (expression_list (identifier) @name) right: (_) @value)
    (parameter_declaration name: (identifier) @name) @value
    (variadic_parameter_declaration name: (identifier) @name) @value
    (call_expression function: (identifier) @name) @value
    (call_expression function: (selector_expression operand: (identifier) @name field: (field_identifier) @_method)
      arguments: (argument_list (_) @value) (#any-of? @_method "WriteString" "WriteByte" "WriteRune" "Write"))
    ((call_expression function: (selector_expression field: (field_identifier) @_method)
      arguments: (argument_list (unary_expression operand: (identifier) @name))) @value (#any-of? @_method "Fprintf" "Fprint" ${FILLING}))
    ((call_expression function: (selector_expression field: (field_identifier) @_method)
      arguments: (argument_list (identifier) @name)) @value (#any-of? @_method ${FILLING}))`,
  imports: `
    (import_spec !name path: (interpreted_string_literal) @module)
    (import_spec name: (package_identifier) @local path: (interpreted_string_literal) @module)`,
  literals: new Set([
    'interpreted_string_literal',
    'raw_string_literal',
    'rune_literal',
    'int_literal',
    'float_literal',
    'imaginary_literal',
    'true',
    'false',
    'nil',
    'iota',
  ]),
  transparent: new Set([
    'binary_expression',
    'parenthesized_expression',
    'unary_expression',
    'composite_literal',
    'literal_value',
    'literal_element',
    'keyed_element',
    'slice_type',
    'array_type',
    'type_identifier',
    'type_conversion_expression',
  ]),
}
