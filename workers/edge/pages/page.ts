/** What the pages must know of the place where they are served; `baseUrl` has no final slash. */
export interface Site {
  readonly baseUrl: string
  /** Who bears the risk of cover; null where the operator has named nobody. */
  readonly carrier: string | null
}

/** A whole answer, ready to be sent: the document, its headers (lower case) and its HTTP status. */
export interface Page {
  readonly html: string
  readonly headers: Readonly<Record<string, string>>
  readonly status: number
}
