/** One line, wherever cover is offered or shown. @param carrier whom the operator has named, if anybody */
export function coverNotice(carrier: string | null): string {
  return carrier === null
    ? 'Cover here is not licensed insurance: the operator has named no licensed carrier.'
    : `Cover is borne by ${carrier}, named by the operator, who answers for its licence.`
}
