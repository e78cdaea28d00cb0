import type { Network } from './network.ts'

/** An organisation with a certificate that can be insured. */
export interface Customer {
  readonly apiKey: string
  readonly certificateId: string
}

/** Organisations with a certificate of low risk each. */
export async function makeCustomers(network: Network, count: number): Promise<Customer[]> {
  const customers: Customer[] = []
  for (let index = 0; index < count; index++) {
    const { api_key } = await post(network, network.tenants.operator_key, '/v1/organisations', {
      name: `Customer ${index}`,
    })
    const certificate = await post(network, api_key!, '/v1/trust/verify', {
      ai_tool: 'claude-code-v1.0',
      files: [{ path: 'src/customer.ts', content: `export const customer = ${index}\n` }],
      commit_sha: String(index).padStart(40, '0'),
    })
    customers.push({ apiKey: api_key!, certificateId: certificate.certificate_id! })
  }
  const ids = customers.map(({ certificateId }) => certificateId)
  await network.sql`UPDATE certificates SET risk_score_hundredths = 200 WHERE id = ANY(${ids})`
  return customers
}

async function post(
  { urls }: Network,
  apiKey: string,
  path: string,
  body: unknown,
): Promise<Readonly<Record<string, string>>> {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
  const response = await fetch(urls.edge + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`POST ${path} was answered with ${response.status}`)
  return (await response.json()) as Readonly<Record<string, string>>
}
