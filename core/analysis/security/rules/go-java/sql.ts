const BEGINS =
  /^[\s(]*(?:select|insert|update|delete|replace|merge|with|drop|create|alter|truncate|grant|revoke|call|exec|execute|show|explain|from)\s/i
const CONTAINS =
  /\b(?:select\s[^;]{0,400}?\sfrom|insert\s+into|update\s+[\w."`]+\s+set|delete\s+from|union\s+(?:all\s+)?select)\b/i

/** Whether a text, the literals of an expression, is one of SQL. JPQL, which may begin with `from`, counts. */
export function isSql(text: string): boolean {
  return BEGINS.test(text) || CONTAINS.test(text)
}

/** One of these is in every file that `isSql` holds of a text of, or that names its database in the usual way. */
export const SQL_WORDS: readonly string[] = [
  ...[
    'SELECT',
    'select',
    'Select',
    'INSERT',
    'insert',
    'Insert',
    'UPDATE',
    'update',
    'Update',
    'DELETE',
    'delete',
    'Delete',
  ],
  ...[
    'REPLACE',
    'replace',
    'MERGE',
    'merge',
    'WITH',
    'with',
    'DROP',
    'drop',
    'CREATE',
    'create',
    'ALTER',
    'alter',
  ],
  ...[
    'TRUNCATE',
    'truncate',
    'GRANT',
    'grant',
    'REVOKE',
    'revoke',
    'CALL',
    'call',
    'EXEC',
    'exec',
    'SHOW',
    'show',
  ],
  ...[
    'EXPLAIN',
    'explain',
    'FROM',
    'from',
    'From',
    'db',
    'DB',
    'Db',
    'tx',
    'Tx',
    'conn',
    'Conn',
    'pool',
    'stmt',
    'database',
  ],
]
