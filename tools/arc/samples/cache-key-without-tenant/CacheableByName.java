class SettingsService {
    @Cacheable(value = "settings", key = "#name")
    public Setting findSetting(String tenantId, String name) {
        return repository.findByTenantIdAndName(tenantId, name)
                .orElseThrow(() -> new SettingNotFoundException(name));
    }
}
