def create_app():
    app = Flask(__name__)
    app.config.from_object("settings")
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        upgrade()
        db.create_all()
        seed_reference_data()
    register_routes(app)
    return app
