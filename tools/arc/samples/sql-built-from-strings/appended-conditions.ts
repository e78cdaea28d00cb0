export async function listOrders(filter: OrderFilter): Promise<Order[]> {
  let sql = 'SELECT * FROM orders WHERE 1 = 1';
  if (filter.customer) {
    sql += " AND customer = '" + filter.customer + "'";
  }
  if (filter.state) {
    sql += " AND state IN ('" + filter.state.join("','") + "')";
  }
  sql += ' ORDER BY ' + filter.sort + ' ' + filter.direction;
  return db.query(sql);
}
