@Service
class InvoiceExporter {
    private Tenant tenant;
    private final SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd");
    private final StringBuilder buffer = new StringBuilder();

    public String export(Tenant requested, List<Invoice> invoices) {
        tenant = requested;
        buffer.setLength(0);
        for (Invoice invoice : invoices) {
            buffer.append(tenant.getName()).append(';').append(format.format(invoice.getDate())).append('\n');
        }
        return buffer.toString();
    }
}
