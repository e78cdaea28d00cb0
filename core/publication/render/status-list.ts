import { publishStatusList } from '../../status/publish.ts'
import type { Render } from './render.ts'

/**
 * R2: the signed token of a status list. Its bits are read by the put itself: the order of its steps is what keeps an
 * older token from replacing a newer one.
 */
export const renderStatusLists: Render = async (_, marks) =>
  marks.map(
    ({ entityId }) =>
      (ctx, stores) =>
        publishStatusList(ctx, stores.objects, Number(entityId)),
  )
