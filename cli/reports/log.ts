import { NO_QUORUM } from '../../core/verify/index.ts'
import type { Fault, LogReport, WitnessReport } from '../log/report.ts'
import { clean, mark, type Terminal } from '../output.ts'
import { byteSize, plural } from './words.ts'

/** What `log fsck` found, for people. */
export function printLogReport(terminal: Terminal, url: string, report: LogReport): void {
  const { bold } = terminal.paint
  const outcome = report.ok ? 'passed' : report.fault_count > 0 ? 'failed' : 'undecided'
  terminal.print(`${mark(terminal.paint, outcome)} ${bold(headline(report))}  ${clean(report.origin ?? url)}`)
  terminal.print()
  const row = (name: string, text: string) => terminal.print(`  ${name.padEnd(13)} ${text}`)
  if (report.size !== null) row('Tree', `${counted(report.size)}, root ${report.root_hash}`)
  const { entries, objects, bytes } = report.read
  row('Read', `${counted(entries)} in ${plural(objects, 'object')}, ${byteSize(bytes)}`)
  for (const [type, count] of Object.entries(report.entry_types)) row('', `${clean(type)}: ${count}`)
  if (report.earlier !== null) row('Before', earlierText(report.earlier))
  if (report.witnesses !== null) row('Witnesses', witnessText(report.witnesses))
  if (report.certificates !== null) row('Certificates', certificatesText(report.certificates))
  for (const { what, count, first } of report.notes)
    row('Note', `${count} × ${clean(what)} (${clean(first)})`)
  if (report.interrupted !== null) row('Interrupted', `not all was read: ${clean(report.interrupted)}`)
  printFaults(terminal, report)
}

function headline({ ok, fault_count, interrupted }: LogReport): string {
  if (ok) return 'nothing is wrong'
  if (fault_count > 0) return plural(fault_count, 'fault')
  return interrupted === null ? 'not checked' : 'could not be checked'
}

function printFaults(terminal: Terminal, { faults, fault_count }: LogReport): void {
  if (faults.length > 0) terminal.print()
  for (const fault of faults) printFault(terminal, fault)
  if (fault_count > faults.length) terminal.print(`  … and ${fault_count - faults.length} more`)
}

function printFault(terminal: Terminal, { code, where, what, expected, got }: Fault): void {
  terminal.print(`  ${mark(terminal.paint, 'failed')} ${clean(where)}: ${clean(what)}  (${code})`)
  if (expected !== null) terminal.print(`      expected ${clean(expected)}`)
  if (got !== null) terminal.print(`      got      ${clean(got)}`)
}

export function witnessText({ quorum, quorum_reached, cosigned }: WitnessReport): string {
  const names = cosigned.map(({ name, cosigned_at }) => `${clean(name)} (${clean(cosigned_at)})`).join(', ')
  const who = names === '' ? 'none' : names
  if (quorum === NO_QUORUM) return `${who}; none are asked for`
  return `${who}; ${quorum_reached ? 'they are enough' : 'they are not enough'}`
}

function earlierText({ size, consistent }: NonNullable<LogReport['earlier']>): string {
  return consistent
    ? `continues the checkpoint of ${counted(size)}`
    : `is no continuation of the checkpoint of ${counted(size)}`
}

function certificatesText({
  checked,
  included,
  pending,
  revoked,
}: NonNullable<LogReport['certificates']>): string {
  const waiting = pending === 0 ? '' : `, ${pending} too new to be in it`
  return `${included} of ${checked} are in the log${waiting}; ${revoked} revoked`
}

export function counted(entries: number): string {
  return entries === 1 ? '1 entry' : `${entries.toLocaleString('en-GB')} entries`
}
