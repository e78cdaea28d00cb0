import type { RuleSamples } from '../../rule-samples.ts'
import { handler, source } from './snippets.ts'

export const HASH_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'go-weak-hash': {
    positive: [
      source('func store(password string) [16]byte { return md5.Sum([]byte(password)) }', 'crypto/md5'),
      source(
        `func hashPassword(plain string) string {
	h := sha1.New()
	h.Write([]byte(plain))
	return hex.EncodeToString(h.Sum(nil))
}`,
        'crypto/sha1',
        'encoding/hex',
      ),
      source(
        `func create(user User) { h := md5.New()
	io.WriteString(h, user.Password)
	save(h.Sum(nil)) }`,
        'crypto/md5',
        'io',
      ),
      source(
        'func mac(key, text []byte) { m := hmac.New(md5.New, key)\n\tm.Write(text) }',
        'crypto/hmac',
        'crypto/md5',
      ),
      source(
        'func sign(key *rsa.PrivateKey, sum []byte) { rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA1, sum) }',
        'crypto',
        'crypto/rand',
        'crypto/rsa',
      ),
      source('func issue(body []byte) { signature := sha1.Sum(body)\n\tsend(signature) }', 'crypto/sha1'),
    ],
    negative: [
      handler(
        'sum := md5.Sum(body)\nw.Header().Set("ETag", hex.EncodeToString(sum[:]))',
        'crypto/md5',
        'encoding/hex',
      ),
      source('func cacheKey(token string) [16]byte { return md5.Sum([]byte(token)) }', 'crypto/md5'),
      source('func checksum(file []byte) { h := sha1.New()\n\th.Write(file) }', 'crypto/sha1'),
      source('func gravatar(email string) [16]byte { return md5.Sum([]byte(email)) }', 'crypto/md5'),
      source(
        'func sign(key, text []byte) { m := hmac.New(sha256.New, key)\n\tm.Write(text)\n\tx := md5.Sum(text) }',
        'crypto/hmac',
        'crypto/md5',
        'crypto/sha256',
      ).replace('x := md5.Sum(text)', 'bucketOf(text)'),
    ],
  },
  'go-fast-password-hash': {
    positive: [
      source(
        'func store(password string) [32]byte { return sha256.Sum256([]byte(password)) }',
        'crypto/sha256',
      ),
      source(
        'func store(u User) { h := sha512.New()\n\th.Write([]byte(salt + u.Password))\n\tsave(h.Sum(nil)) }',
        'crypto/sha512',
      ),
      handler('pwd := r.FormValue("p")\nsum := sha256.Sum256([]byte(pwd + salt))', 'crypto/sha256'),
    ],
    negative: [
      source('func id(content []byte) [32]byte { return sha256.Sum256(content) }', 'crypto/sha256'),
      source(
        'func store(password []byte) { sum := sha256.Sum256(password)\n\tbcrypt.GenerateFromPassword(sum[:], 12) }',
        'crypto/sha256',
        'golang.org/x/crypto/bcrypt',
      ),
      source(
        'func lookup(apiKey string) [32]byte { return sha256.Sum256([]byte(apiKey)) }\nfunc pass(a int) {}',
        'crypto/sha256',
      ),
    ],
  },
  'go-weak-key-derivation': {
    positive: [
      source('func hash(p []byte) { bcrypt.GenerateFromPassword(p, 4) }', 'golang.org/x/crypto/bcrypt'),
      source(
        'func hash(p []byte) { bcrypt.GenerateFromPassword(p, bcrypt.MinCost) }',
        'golang.org/x/crypto/bcrypt',
      ),
      source(
        'const rounds = 1000\nfunc key(p, salt []byte) { pbkdf2.Key(p, salt, rounds, 32, sha256.New) }',
        'crypto/sha256',
        'golang.org/x/crypto/pbkdf2',
      ),
      source(
        'func key(p string, salt []byte) { pbkdf2.Key(sha256.New, p, salt, 4096, 32) }',
        'crypto/pbkdf2',
        'crypto/sha256',
      ),
      source(
        'func key(p, salt []byte) { scrypt.Key(p, salt, 1<<10, 8, 1, 32) }',
        'golang.org/x/crypto/scrypt',
      ),
      source(
        'func key(p, salt []byte) { argon2.IDKey(p, salt, 1, 1024, 1, 32) }',
        'golang.org/x/crypto/argon2',
      ),
    ],
    negative: [
      source(
        'func hash(p []byte) { bcrypt.GenerateFromPassword(p, bcrypt.DefaultCost)\n\tbcrypt.GenerateFromPassword(p, 12) }',
        'golang.org/x/crypto/bcrypt',
      ),
      source(
        'func key(p, salt []byte) { pbkdf2.Key(p, salt, 600_000, 32, sha256.New) }',
        'crypto/sha256',
        'golang.org/x/crypto/pbkdf2',
      ),
      source(
        'func key(p, salt []byte, rounds int) { pbkdf2.Key(p, salt, rounds, 32, sha256.New) }',
        'crypto/sha256',
        'golang.org/x/crypto/pbkdf2',
      ),
      source(
        'func key(p, salt []byte) { scrypt.Key(p, salt, 1<<15, 8, 1, 32)\n\targon2.IDKey(p, salt, 1, 64*1024, 4, 32) }',
        'golang.org/x/crypto/argon2',
        'golang.org/x/crypto/scrypt',
      ),
    ],
  },
  'go-static-salt': {
    positive: [
      source(
        'func key(p []byte) { pbkdf2.Key(p, []byte("salt"), 600000, 32, sha256.New) }',
        'crypto/sha256',
        'golang.org/x/crypto/pbkdf2',
      ),
      source(
        'var salt = []byte{1, 2, 3, 4}\nfunc key(p []byte) { argon2.IDKey(p, salt, 1, 65536, 4, 32) }',
        'golang.org/x/crypto/argon2',
      ),
      source(
        'func key(p []byte) { salt := make([]byte, 16)\n\tscrypt.Key(p, salt, 32768, 8, 1, 32) }',
        'golang.org/x/crypto/scrypt',
      ),
    ],
    negative: [
      source(
        'func key(p []byte) { salt := make([]byte, 16)\n\trand.Read(salt)\n\tscrypt.Key(p, salt, 32768, 8, 1, 32) }',
        'crypto/rand',
        'golang.org/x/crypto/scrypt',
      ),
      source(
        'func key(p, salt []byte) { argon2.IDKey(p, salt, 1, 65536, 4, 32) }',
        'golang.org/x/crypto/argon2',
      ),
      source(
        'func check(p []byte, user User) { pbkdf2.Key(p, user.Salt, 600000, 32, sha256.New) }',
        'crypto/sha256',
        'golang.org/x/crypto/pbkdf2',
      ),
    ],
  },
}
