export { syntaxOfThisProcess as syntaxForTests } from '../../stack/syntax.ts'
