app = Flask(__name__)
app.config["SECRET_KEY"] = os.getenv("SECRET_KEY", "dev")
app.config["PROPAGATE_EXCEPTIONS"] = True
app.config["AUTH_ENABLED"] = os.getenv("AUTH_ENABLED", "false") == "true"

if __name__ == "__main__":
    app.run(host="0.0.0.0", port=int(os.getenv("PORT", "5000")), debug=True)


class Settings(BaseSettings):
    debug: bool = True
    verify_signatures: bool = False
    secret_key: str = "dev"
