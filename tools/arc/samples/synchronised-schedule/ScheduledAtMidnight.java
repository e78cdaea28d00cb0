class NightlyJobs {
    @Scheduled(cron = "0 0 * * * *")
    void syncTenants() {
        tenantRepository.findAll().forEach(tenant -> syncQueue.add(tenant.getId()));
    }

    @Scheduled(cron = "0 0 0 * * *")
    void expireSubscriptions() {
        subscriptionService.expireAll();
    }

    @Scheduled(cron = "0 0 0 * * *")
    void rebuildReports() {
        reportService.rebuildAll();
    }
}
