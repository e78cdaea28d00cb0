import type { ArcSearchRequest } from '../../schema/wire/arc.ts'
import { arcEntry, shippedCatalogue } from '../analysis/catalogue/catalogue.ts'
import { MATCH_THRESHOLD } from '../analysis/similarity/check.ts'
import { matchCatalogue } from '../analysis/similarity/match.ts'
import { gramsOf } from '../analysis/similarity/winnow.ts'
import { languageOf } from '../analysis/source/language.ts'
import { tokenise } from '../analysis/source/tokens.ts'
import type { Actor, Context } from '../context.ts'
import { visibleIncidents } from './visible.ts'

const MAX_MATCHES = 20

export interface FoundArc {
  readonly id: string
  readonly title: string
  readonly similarity: number
  readonly private: boolean
}

/** What in the catalogue some code is like: every entry that anyone may read, and the organisation's own. */
export async function searchCatalogue(
  ctx: Context,
  actor: Actor,
  request: ArcSearchRequest,
): Promise<{ matches: FoundArc[]; threshold: number }> {
  const incidents = await visibleIncidents(ctx, actor.organisationId)
  const grams = request.files.flatMap(({ path, content }) => {
    const language = languageOf(path)
    return language === null ? [] : [gramsOf(tokenise(content, language), content)]
  })
  const titles = new Map(incidents.map(({ id, title }) => [id, title]))
  const matches = matchCatalogue(grams, shippedCatalogue(), incidents).slice(0, MAX_MATCHES)
  return {
    matches: matches.map(({ id, similarity, private: isPrivate }) => ({
      id,
      title: arcEntry(id)?.title ?? titles.get(id) ?? id,
      similarity,
      private: isPrivate,
    })),
    threshold: MATCH_THRESHOLD,
  }
}
