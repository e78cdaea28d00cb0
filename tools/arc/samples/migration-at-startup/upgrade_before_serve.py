@asynccontextmanager
async def lifespan(app):
    config = Config("alembic.ini")
    config.set_main_option("sqlalchemy.url", settings.database_url)
    command.upgrade(config, "head")
    Base.metadata.create_all(bind=engine)
    yield


app = FastAPI(lifespan=lifespan)


def main():
    call_command("migrate", interactive=False)
    execute_from_command_line(["manage.py", "runserver", "0.0.0.0:8000"])
