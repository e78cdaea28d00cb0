class ConfigurationHolder {
    private static ConfigurationHolder instance;

    static ConfigurationHolder getInstance() {
        if (instance == null) {
            synchronized (ConfigurationHolder.class) {
                if (instance == null) {
                    instance = new ConfigurationHolder();
                    instance.load();
                }
            }
        }
        return instance;
    }
}
