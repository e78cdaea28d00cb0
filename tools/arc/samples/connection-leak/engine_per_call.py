def load_settings(tenant):
    engine = create_engine(tenant.database_url)
    session = sessionmaker(bind=engine)()
    return {row.name: row.value for row in session.query(Setting).all()}
