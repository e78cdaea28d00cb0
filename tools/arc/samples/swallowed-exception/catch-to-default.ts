export async function loadPermissions(userId: string): Promise<Permission[]> {
  try {
    const rows = await db.query(
      'SELECT name FROM permissions WHERE user_id = $1',
      [userId],
    );
    return rows.map((row) => row.name);
  } catch (error) {
    return [];
  }
}
