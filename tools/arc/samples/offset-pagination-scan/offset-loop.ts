export async function exportAll(
  handle: (rows: Row[]) => Promise<void>,
): Promise<void> {
  const pageSize = 1000;
  let page = 0;
  while (true) {
    const rows = await db.query(
      'SELECT * FROM events ORDER BY created_at LIMIT $1 OFFSET $2',
      [pageSize, page * pageSize],
    );
    if (rows.length === 0) break;
    await handle(rows);
    page += 1;
  }
}
