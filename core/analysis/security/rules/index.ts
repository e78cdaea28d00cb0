import type { Language } from '../../source/language.ts'
import type { RuleSet } from '../rule.ts'
import { GO } from './go.ts'
import { JAVA } from './java.ts'
import { JAVASCRIPT } from './javascript.ts'
import { PYTHON } from './python.ts'

export const RULE_SETS: readonly RuleSet[] = [JAVASCRIPT, PYTHON, GO, JAVA]

const BY_LANGUAGE = new Map(RULE_SETS.flatMap((set) => set.languages.map((language) => [language, set])))

export function ruleSetOf(language: Language): RuleSet {
  return BY_LANGUAGE.get(language)!
}
