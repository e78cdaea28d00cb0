export function scheduleRefresh(client: ApiClient): void {
  const now = new Date();
  const nextHour = new Date(
    now.getFullYear(),
    now.getMonth(),
    now.getDate(),
    now.getHours() + 1,
    0,
    0,
    0,
  );
  setTimeout(() => {
    void client.refreshAll();
    setInterval(() => void client.refreshAll(), 3_600_000);
  }, nextHour.getTime() - now.getTime());
}
