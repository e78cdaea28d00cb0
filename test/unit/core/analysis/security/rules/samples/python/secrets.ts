import type { RuleSamples } from '../../rule-samples.ts'
import { djangoView, flaskView } from './views.ts'

export const SECRET_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'py-weak-random': {
    positive: [
      'import random\nimport string\n\ndef make():\n    token = "".join(random.choice(string.ascii_letters) for _ in range(32))\n    return token',
      'import random\n\ndef generate_otp():\n    return random.randint(100000, 999999)',
      'from random import choices\n\nuser.reset_code = "".join(choices("0123456789", k=6))',
      'import random\n\nSESSION = {"session_key": random.getrandbits(128)}',
    ],
    negative: [
      'import random, time\n\ndef refresh_token():\n    delay = random.uniform(0, 1)\n    time.sleep(delay)',
      'import random\n\nsample = random.sample(rows, 10)\ncolour = random.choice(["red", "blue"])',
      'import secrets\nimport random\n\ntoken = secrets.token_urlsafe(32)\ndice = random.randint(1, 6)',
      'import random\n\nrng = random.SystemRandom()\npassword = "".join(rng.choice(LETTERS) for _ in range(16))',
      'import random\n\ndef next_word(tokens):\n    token = random.choice(tokens)\n    return token',
    ],
  },
  'py-uuid1-secret': {
    positive: [
      'import uuid\n\ndef issue(user):\n    user.reset_token = str(uuid.uuid1())',
      'from uuid import uuid1\n\napi_key = uuid1().hex',
      'import uuid\n\ndef session_token():\n    return uuid.uuid1().hex',
    ],
    negative: [
      'import uuid\n\nrow_id = uuid.uuid1()',
      'import uuid\n\n# uuid1 sorts badly\ntoken = uuid.uuid4().hex',
      'import uuid\n\nevent = {"id": str(uuid.uuid1())}',
    ],
  },
  'py-jwt-unverified': {
    positive: [
      'import jwt\n\ndef user(token):\n    return jwt.decode(token, options={"verify_signature": False})["sub"]',
      'import jwt\n\nclaims = jwt.decode(token, key, verify=False)',
      'from jose import jwt\n\ndef user(token):\n    return jwt.get_unverified_claims(token)["sub"]',
      'import jwt\n\nclaims = jwt.decode(token, key, algorithms=["HS256", "none"])',
      'import jwt\n\ntoken = jwt.encode(claims, None, algorithm="none")',
    ],
    negative: [
      'import jwt\n\nclaims = jwt.decode(token, key, algorithms=["RS256"], audience="api")',
      'import jwt\n\nheader = jwt.get_unverified_header(token)\nclaims = jwt.decode(token, keys[header["kid"]], algorithms=["RS256"])',
      'import jwt\n\ndef user(token):\n    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]\n    return jwt.decode(token, keys[issuer], algorithms=["RS256"])',
      'import jwt\n\nclaims = jwt.decode(token, key, algorithms=["HS256"], options={"verify_aud": False})',
    ],
  },
  'py-secret-compared': {
    positive: [
      flaskView(
        'if request.headers.get("X-Api-Key") != API_KEY:\n    abort(401)',
        'from settings import API_KEY',
      ),
      'import hmac\n\ndef check(body, signature, secret):\n    expected = hmac.new(secret, body, "sha256").hexdigest()\n    return expected == signature',
      djangoView('if request.GET["token"] == user.reset_token:\n    grant()'),
      'import hashlib\n\ndef login(user, password):\n    digest = hashlib.sha256(password.encode()).hexdigest()\n    return digest == user.password_hash',
      'class Hook:\n    def check(self, webhook_secret):\n        return webhook_secret == self.webhook_secret',
      'import settings\n\ndef verify(provided):\n    return provided == settings.API_TOKEN',
    ],
    negative: [
      'import hmac\n\ndef check(expected, signature):\n    return hmac.compare_digest(expected, signature)  # not expected == signature',
      'def parse(token):\n    return token == "(" or token.type == Token.NAME',
      'def clean(form):\n    if form.password != form.confirm_password:\n        raise ValueError("passwords differ")',
      'import hashlib\n\ndef intact(path, expected_digest):\n    return hashlib.sha256(path.read_bytes()).hexdigest() == expected_digest',
      'if key == other_key and token != END_OF_FILE:\n    pass',
      'if user.token == None or secret == "":\n    pass',
    ],
  },
}
