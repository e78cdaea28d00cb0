/** `/docs`: starts the API reference with everything off that would call another origin. */
interface Scalar {
  createApiReference(place: string, configuration: Record<string, unknown>): unknown
}

const { Scalar } = globalThis as unknown as { Scalar?: Scalar }

Scalar?.createApiReference('#reference', {
  url: '/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  metaData: { title: 'API reference · CodeRisk' },
})
