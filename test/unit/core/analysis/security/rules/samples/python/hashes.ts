import type { RuleSamples } from '../../rule-samples.ts'

export const HASH_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'py-password-hash': {
    positive: [
      'import hashlib\n\ndef store(user, password):\n    user.hash = hashlib.md5(password.encode()).hexdigest()',
      'from hashlib import sha256\n\ndef digest(pwd, salt):\n    return sha256((salt + pwd).encode()).hexdigest()',
      'import hashlib\n\ndef hash_password(text):\n    return hashlib.sha1(text.encode()).hexdigest()',
      'import hashlib\n\ndef check(form, stored):\n    return hashlib.new("sha512", form.password.encode()).hexdigest() == stored',
      'import hashlib\n\ndef digest(password):\n    state = hashlib.sha1()\n    state.update(password.encode())\n    return state.digest()',
    ],
    negative: [
      'import hashlib\n\ndef etag(body):\n    return hashlib.md5(body).hexdigest()  # no password',
      'import hashlib, os\n\ndef digest(password):\n    return hashlib.pbkdf2_hmac("sha256", password.encode(), os.urandom(16), 600_000)',
      'import hashlib\n\ndef is_pwned(password):\n    prefix = hashlib.sha1(password.encode()).hexdigest()[:5]\n    return prefix in fetch(prefix)',
      'import hashlib\n\ndef file_hash(path, password):\n    return hashlib.sha256(path.read_bytes()).hexdigest()',
    ],
  },
  'py-broken-hash': {
    positive: [
      'import hashlib\n\ndef sign(body, secret):\n    return hashlib.md5(secret + body).hexdigest()',
      'import hashlib\n\ndef verify(message, expected):\n    signature = hashlib.sha1(message).hexdigest()\n    return signature == expected',
      'import hmac\n\ndef mac(key, body):\n    return hmac.new(key, body, "md5").hexdigest()',
      'from cryptography.hazmat.primitives import hashes\n\ndef sign(key, data, padding):\n    return key.sign(data, padding, hashes.SHA1())',
      'import hashlib\n\ndef issue(user):\n    token = hashlib.new("md5", user.email.encode()).hexdigest()\n    return token',
    ],
    negative: [
      'import hashlib\n\ndef cache_key(url):\n    return hashlib.md5(url.encode()).hexdigest()',
      'import hashlib\n\ndef etag(body):\n    return hashlib.sha1(body).hexdigest()',
      'import hashlib\n\ndef sign(body, secret):\n    return hashlib.sha256(secret + body).hexdigest()  # not md5',
      'import hashlib\n\ndef verify(path, known):\n    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest() == known',
      'import hashlib\n\ndef avatar(email):\n    return "https://gravatar.com/avatar/" + hashlib.md5(email.lower().encode()).hexdigest()',
    ],
  },
  'py-static-salt': {
    positive: [
      'import hashlib\n\ndef digest(password):\n    return hashlib.pbkdf2_hmac("sha256", password, b"salt", 600000)',
      'from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC\n\nSALT = b"a1b2c3d4"\nkdf = PBKDF2HMAC(algorithm=sha, length=32, salt=SALT, iterations=600000)',
      'import hashlib\n\ndef digest(password):\n    return hashlib.scrypt(password, salt="pepper".encode(), n=16384, r=8, p=1)',
    ],
    negative: [
      'import hashlib, os\n\ndef digest(password):\n    return hashlib.pbkdf2_hmac("sha256", password, os.urandom(16), 600000)',
      'import bcrypt\n\ndef digest(password):\n    return bcrypt.hashpw(password, bcrypt.gensalt())',
      'import hashlib\n\ndef check(password, salt):\n    return hashlib.scrypt(password, salt=salt, n=16384, r=8, p=1)',
    ],
  },
  'py-few-rounds': {
    positive: [
      'import hashlib, os\n\ndef digest(password):\n    return hashlib.pbkdf2_hmac("sha256", password, os.urandom(16), 1000)',
      'import bcrypt\n\nsalt = bcrypt.gensalt(rounds=4)',
      'from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC\n\nROUNDS = 5_000\nkdf = PBKDF2HMAC(algorithm=sha, length=32, salt=salt, iterations=ROUNDS)',
      'import hashlib\n\ndef digest(password, salt):\n    return hashlib.scrypt(password, salt=salt, n=2**10, r=8, p=1)',
    ],
    negative: [
      'import hashlib, os\n\ndef digest(password):\n    return hashlib.pbkdf2_hmac("sha256", password, os.urandom(16), 600_000)',
      'import bcrypt\n\nsalt = bcrypt.gensalt(12)',
      'import hashlib\n\ndef digest(password, salt):\n    return hashlib.scrypt(password, salt=salt, n=2**14, r=8, p=1)',
      'import hashlib\n\ndef digest(password, salt, rounds):\n    return hashlib.pbkdf2_hmac("sha256", password, salt, rounds)',
    ],
  },
}
