def main():
    settings = Settings()
    print("settings:", settings.dict())
    print("environment:", os.environ)
    logger.info(
        "database url: %s, api key: %s",
        settings.database_url,
        settings.api_key,
    )
