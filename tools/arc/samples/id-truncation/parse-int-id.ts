export async function getMessage(req: Request, res: Response): Promise<void> {
  const id = parseInt(req.params.id, 10);
  const { rows } = await pool.query(
    'SELECT id, body FROM messages WHERE id = $1',
    [id],
  );
  res.json({ id: Number(rows[0].id), body: rows[0].body });
}
