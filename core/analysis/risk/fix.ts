/**
 * Words by which a message calls a change a correction, with their inflections: those of Kamei et al. (2013, "bug",
 * "fix", "defect", "patch") and of Commit Guru (Rosen et al., 2015, "wrong", "error", "fail", "problem").
 */
const CORRECTIVE_WORDS = [
  '(?:bug|hot)?fix(?:e[sd]|ing|up|ups)?',
  'bugs?',
  'defects?|defective',
  'patch(?:e[sd]|ing)?',
  'wrong(?:ly)?',
  'errors?|erroneous(?:ly)?',
  'fail(?:s|ed|ing|ures?)?',
  'problems?',
]

/**
 * Digits and underscores end a word, as in `BUG1234` and `fix_login`; letters do not, so that `prefix`, `fixture`,
 * `debug` and `dispatch` are no corrections. No alternative can match in two ways: the time is linear in the message.
 */
const CORRECTIVE = new RegExp(`(?<!\\p{L})(?:${CORRECTIVE_WORDS.join('|')})(?!\\p{L})`, 'iu')

/**
 * Whether a commit message calls its change the correction of a defect. English only, and a guess: "add error
 * handling" counts, "make it work again" does not.
 */
export function isFix(commitMessage: string): boolean {
  return CORRECTIVE.test(commitMessage)
}
