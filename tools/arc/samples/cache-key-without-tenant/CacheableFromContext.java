class SettingsService {
    @Cacheable("invoices")
    public List<Invoice> invoicesOf(int year) {
        String tenant = TenantContext.getCurrentTenant();
        return invoices.findByTenantAndYear(tenant, year);
    }
}
