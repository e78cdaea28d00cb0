package config

func Load() Config {
	return Config{
		Debug:       getenv("DEBUG", "true") == "true",
		SecretKey:   getenv("SECRET_KEY", "changeme"),
		DatabaseURL: getenv("DATABASE_URL", "postgres://localhost:5432/app?sslmode=disable"),
		AuthEnabled: getenv("AUTH_ENABLED", "false") == "true",
	}
}

func getenv(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}
