/** A string literal that begins with one of these words is taken for SQL. */
const SQL_START =
  /^[bfru]{0,2}["'`]{1,3}\s{0,200}\(?(?:select|insert|update|delete|alter|create|drop|truncate|with|begin|lock|merge|replace)\s/i
/** Looked at of one string, in UTF-16 code units. */
const MAX_SQL_LENGTH = 2000
const WORD = /[A-Za-z]+/g

/** The place in this list is the word's number: new ones go to the end. */
const SQL_WORDS = `
  ADD ALL ALTER AND ANY AS ASC BEGIN BETWEEN BY CASCADE CASE CHECK COLUMN COMMIT CONCURRENTLY CONFLICT CONSTRAINT COUNT
  CREATE CROSS DEFAULT DELETE DESC DISTINCT DO DROP ELSE END EXISTS FETCH FOR FOREIGN FROM FULL GROUP HAVING IF IN INDEX
  INNER INSERT INTO IS JOIN KEY LEFT LIKE LIMIT LOCK LOCKED MATERIALIZED MERGE MODIFY NOT NOTHING NOWAIT NULL OFFSET ON
  OR ORDER OUTER OVER PARTITION PRIMARY REFERENCES RENAME REPLACE RETURNING RIGHT SELECT SET SHARE SKIP SUM TABLE THEN TO
  TRUNCATE TYPE UNION UNIQUE UPDATE USING VALID VALIDATE VALUES VIEW WHEN WHERE WITH`
const NUMBERS: ReadonlyMap<string, number> = new Map(
  SQL_WORDS.trim()
    .split(/\s+/)
    .map((word, index) => [word, index]),
)

/**
 * The numbers of the SQL keywords of the string literal between `start` and `end`, in their order; none when it is not
 * SQL. Names, figures and placeholders are left out, so that statements over other tables and columns are alike.
 */
export function sqlWords(content: string, start: number, end: number): readonly number[] {
  // Three quotes and the shortest statement: most strings are told by their length.
  if (end - start < 8) return []
  const literal = content.slice(start, Math.min(end, start + MAX_SQL_LENGTH))
  if (!SQL_START.test(literal)) return []
  const words = literal.toUpperCase().match(WORD) ?? []
  return words.flatMap((word) => NUMBERS.get(word) ?? [])
}
