import type { RuleSamples } from '../../rule-samples.ts'

export const CREDENTIAL_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'py-hard-coded-credential': {
    positive: [
      'DB_PASSWORD = "k7!vQ9zr"',
      'app.config["SECRET_KEY"] = "my-super-secret-key"',
      'class Client:\n    api_key = "9f8e7d6c5b4a39281706"',
      'import os\n\nSECRET_KEY = os.environ.get("SECRET_KEY", "b7d1f0c2-9e44-4a6f")',
      'auth_token: str = "ZXlKaGJHY2lPaUpJVXpJMU5pSjk"',
      'SECRET_KEY = "django-insecure-k3$8a(v+q1z)"',
    ],
    negative: [
      'import os\n\nDB_PASSWORD = os.environ["DB_PASSWORD"]',
      'password = ""\nsecret = None\napi_key = "changeme"',
      'PASSWORD_FIELD = "password"\nTOKEN_URL = "https://example.org/token/a1b2"\npassword_label = "Your password"',
      'TOKEN = "identifier"\ntoken_type = "bearer"\nnext_token = "a1b2c3d4e5f6a7b8c9"',
      'SECRET_NAME = "prod/db/main1"\nAPI_KEY = "MY_SERVICE_API_KEY"\napi_key = "X-API-Key"',
      'password = "<password>"\nsecret_key = "${SECRET_KEY}"\napi_key = "your-api-key-1234"',
      'TEST_PASSWORD = "test-password-1"\npassword_hash = "$2b$12$abcdefghijklmnopqrstuv"',
    ],
  },
  'py-credential-argument': {
    positive: [
      'import psycopg2\n\nconn = psycopg2.connect(host="db", user="app", password="Tr0ub4dor&3")',
      'def connect(host, password="s3cr3tpw"):\n    pass',
      'CONFIG = {"user": "app", "password": "correcthorse9"}',
      'client = boto3.client("s3", aws_secret_access_key="wJalrXUtnFEMIK7MDENGbPxRfiCY")',
    ],
    negative: [
      'import os\nimport psycopg2\n\nconn = psycopg2.connect(host="db", password=os.environ["PGPASSWORD"])',
      'parser.add_argument("--password", help="the password", secret=False)',
      'FIELDS = {"password": "Password", "token": "string", "secret": ""}',
      'def test_login(client):\n    client.post("/login", {"password": "Tr0ub4dor&3"})',
      'def connect(host, password=None, token=""):\n    pass',
    ],
  },
  'py-credential-compared': {
    positive: [
      'def login(user, password):\n    return user == "admin" and password == "hunter2!"',
      'from flask import request\n\nif request.headers["api_key"] != "a8f5f167f44f4964e6c998dee827110c":\n    abort(403)',
      'if "letmein99" == form.password:\n    grant()',
    ],
    negative: [
      'if password == "":\n    raise ValueError("empty")',
      'if grant_type == "password" or token == "access_token":\n    pass',
      'if field.password == "password":\n    pass',
      'if len(password) == 8 and secret is not None:\n    pass',
    ],
  },
  'py-login-literal': {
    positive: [
      'import requests\n\nrequests.get("https://example.org", auth=("admin", "sup3rS3cret!"))',
      'from requests.auth import HTTPBasicAuth\n\nauth = HTTPBasicAuth("svc", "k7!vQ9zr")',
      'import smtplib\n\nsmtp = smtplib.SMTP("mail")\nsmtp.login("app", "Tr0ub4dor&3")',
    ],
    negative: [
      'import os, requests\n\nrequests.get("https://example.org", auth=("admin", os.environ["PASSWORD"]))',
      'def test_page(client):\n    client.login("user", "Tr0ub4dor&3")',
      'import requests\n\nrequests.get("https://example.org", auth=("user", "password"))',
      'smtp.login(user, password)',
    ],
  },
  'py-hard-coded-key': {
    positive: [
      'import jwt\n\ndef issue(user):\n    return jwt.encode({"sub": user}, "sup3rs3cret", algorithm="HS256")',
      'from cryptography.fernet import Fernet\n\nKEY = b"ZmDfcTF7_60GrrY167zsiPd67pEvs0aGOv2oasOM1Pg="\nbox = Fernet(KEY)',
      'import hmac\n\ndef sign(body):\n    return hmac.new("signing-secret".encode(), body, "sha256").hexdigest()',
      'from Crypto.Cipher import AES\n\ndef seal(data):\n    key = b"0123456789abcdef"\n    return AES.new(key, AES.MODE_GCM).encrypt(data)',
    ],
    negative: [
      'import jwt\nfrom settings import SECRET\n\ndef issue(user):\n    return jwt.encode({"sub": user}, SECRET, algorithm="HS256")',
      'from cryptography.fernet import Fernet\n\nbox = Fernet(Fernet.generate_key())',
      'import hmac, os\n\ndef sign(body):\n    return hmac.new(os.environ["KEY"].encode(), body, "sha256").hexdigest()',
      'import jwt\n\nPUBLIC = """-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"""\n\ndef read(token):\n    return jwt.decode(token, PUBLIC, algorithms=["RS256"])',
      'import jwt\n\ntext = "a".encode("utf-8")\nbody = text.decode("utf-16")',
    ],
  },
}
