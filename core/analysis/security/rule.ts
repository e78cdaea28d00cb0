import type { Node } from 'web-tree-sitter'
import type { Severity } from '../../../schema/wire/vocabulary.ts'
import type { Language } from '../source/language.ts'
import type { NameCondition } from './names.ts'
import type { SourceView } from './source-view.ts'

export type { Severity }

/** A structural rule: a pattern of the syntax tree, and what must hold of a match. */
export interface Rule {
  /** Language, subject: `js-child-process-exec`. Never changes its meaning once it has been in a certificate's report. */
  readonly id: string
  /** For the owner, in words: what is wrong. */
  readonly title: string
  /** `CWE-78`, most specific first (cwe.mitre.org). */
  readonly cwe: readonly string[]
  readonly severity: Severity
  /**
   * Each of these occurs in every file that the rule can find something in; of a list, at least one. A file that lacks
   * one is not parsed for the rule's sake, which is what makes most files cheap.
   */
  readonly needs: readonly (string | readonly string[])[]
  /**
   * Names of which the source must have one, where the rule is about nodes by their names: `query` is too common a word,
   * but not everything is called `query(…)`.
   */
  readonly names?: readonly NameCondition[]
  /** tree-sitter patterns without predicates, one a line. `@finding` is what the finding points at. */
  readonly query: string
  /** Whether the match is a finding; every match is when there is no such function. */
  readonly accept?: (match: RuleMatch) => boolean
}

export interface RuleMatch {
  /** The first node of that capture. @throws when the pattern has no such capture */
  node(capture: string): Node
  /** The first node of that capture, or null: for captures that are optional in the pattern. */
  maybe(capture: string): Node | null
  readonly source: SourceView
}

/** The rules of a family of languages, and the two queries by which their files are understood. */
export interface RuleSet {
  readonly languages: readonly Language[]
  readonly rules: readonly Rule[]
  /** Patterns with `@name` and `@value`: what is bound to which identifier, by declaration or assignment. */
  readonly bindings: string
  /** Patterns with `@module` (a string or dotted name) and `@local`, and optionally `@imported`. */
  readonly imports: string
  /** Types of nodes that are literals without anything interpolated: their value is in the source. */
  readonly literals: ReadonlySet<string>
  /** Types of nodes that are constant when all their named children are: concatenations, arrays, parentheses. */
  readonly transparent: ReadonlySet<string>
}
