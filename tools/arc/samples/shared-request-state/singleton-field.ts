export class ReportService {
  private tenantId = '';
  private rows: Row[] = [];

  async build(tenantId: string, month: string): Promise<Report> {
    this.tenantId = tenantId;
    this.rows = await this.repository.load(tenantId, month);
    const totals = await this.totals.compute(this.rows);
    return { tenant: this.tenantId, rows: this.rows, totals };
  }
}

export const reportService = new ReportService();
