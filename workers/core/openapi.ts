import { OpenAPIHono } from '@hono/zod-openapi'
import { ROUTES } from '../../schema/wire/routes.ts'

const INFO = {
  title: 'CodeRisk Trust Network',
  version: '1.0.0',
  description:
    'Signed, verifiable provenance certificates for AI-generated code, and cover for when certified code fails. That is not licensed insurance unless the operator holds a licence or has named a carrier (`CARRIER_NAME`). Amounts are whole cents. Errors are RFC 9457 problem details with a stable `code`.',
  license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
}

/** The OpenAPI document, generated from the shapes that requests are validated by. */
export function openApiDocument(version: '3.1.0' | '3.0.3'): object {
  const app = new OpenAPIHono()
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key, `cr_live_…` or `cr_test_…`.',
  })
  for (const route of ROUTES) app.openAPIRegistry.registerPath(route)
  const servers = [{ url: '/' }]
  return version === '3.1.0'
    ? app.getOpenAPI31Document({ openapi: version, info: INFO, servers })
    : app.getOpenAPIDocument({ openapi: version, info: INFO, servers })
}
