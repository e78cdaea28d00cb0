import { parseArgs } from 'node:util'
import { createOrganisationRequestSchema } from '../schema/wire/organisations.ts'
import { applicationUrl } from '../stack/migrations.ts'
import { installOperator } from '../stack/provision.ts'
import { firstLine, StackError } from '../stack/stack-error.ts'

/** What PostgreSQL says of a database that `npm run migrate` has not prepared, or of another password (SQLSTATE). */
const UNPREPARED = new Set([
  '28000', // invalid_authorization_specification: no such role
  '28P01', // invalid_password
  '3D000', // invalid_catalog_name: no such database
  '22023', // invalid_parameter_value: no such role to take
  '42501', // insufficient_privilege
  '42P01', // undefined_table
])

try {
  await run()
} catch (error) {
  console.error(`npm run operator: ${firstLine(error)}`)
  process.exitCode = 1
}

/** Makes an operator's organisation in the database of DATABASE_URL. Standard output gets the key and nothing else. */
async function run(): Promise<void> {
  const { values } = parseArgs({ options: { name: { type: 'string', default: 'Operator' } } })
  const request = createOrganisationRequestSchema.safeParse(values)
  if (!request.success) throw new StackError(`--name ${request.error.issues[0]!.message}`)
  const ownerUrl = process.env.DATABASE_URL
  if (!ownerUrl) throw new StackError("set DATABASE_URL to the owner's URL of the network's database.")
  const url = applicationUrl(ownerUrl)
  const operator = await installOperator(url.href, request.data).catch((error: unknown) => {
    throw explain(error, url.host)
  })
  console.log(operator.api_key)
  console.error(`This is the key of ${operator.id}, ${operator.name}. It is shown this once: keep it.`)
}

function explain(error: unknown, host: string): unknown {
  const code = innermostCode(error)
  if (code === 'database_unavailable') {
    return new StackError(`PostgreSQL at ${host} does not answer: start it, or correct DATABASE_URL.`, {
      cause: error,
    })
  }
  if (code === undefined || !UNPREPARED.has(code)) return error
  return new StackError(
    `The database at ${host} is not ready (${code}): DATABASE_URL must be its owner's, as for npm run migrate, which comes first.`,
    { cause: error },
  )
}

/** The code of the refusal, or of PostgreSQL's error inside of what Drizzle makes of it. */
function innermostCode(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code
  }
  return undefined
}
