/** `/log`: copying is all that it needs a script for. */
import { enableCopying } from './dom/copy.ts'

enableCopying()
