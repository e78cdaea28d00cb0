import type { RuleSamples } from '../rule-samples.ts'
import { gin, handler, source } from './go-snippets.ts'

export const SECRET_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'go-hardcoded-credential': {
    positive: [
      source('const dbPassword = "hunter2"'),
      source('func login(password string) bool { return password == "opensesame1" }'),
      source('var githubToken = "ghp_iR54dhCYg9Tfmoywi9xLmmKZrrnAw438BYh3"'),
      source('func login() { apiKey := "sk_live_4eC39HqLyjWDarjtT1zdp7dc"\n\tuse(apiKey) }'),
      source('var config = Config{User: "admin", Password: "Winter2024!"}'),
      source('var jwtSecret = []byte("supersecretkey")'),
      source(
        'func open() { db, err := sql.Open("mysql", "root:hunter2@tcp(db:3306)/shop") }',
        'database/sql',
      ),
      source('func fill(c *Client) { c.AuthToken = "9f86d081884c7d659a2feaa0c55ad015" }'),
    ],
    negative: [
      source('var password = os.Getenv("DB_PASSWORD")', 'os'),
      source(
        'const passwordField = "password"\nconst tokenHeader = "X-Auth-Token"\nconst Password = "password"',
      ),
      source('var config = Config{Password: "", APIKey: "your-api-key", Secret: "${SECRET}"}'),
      source('func mail() { msg.PasswordMessage = "Your password was changed"\n\ttoken := "Bearer " + t }'),
      source('const (\n\tTokenEOF = "EOF"\n\tTokenString = "string"\n\tErrPassword = "invalid_password"\n)'),
      source(
        'func open() { sql.Open("postgres", "postgres://localhost/shop")\n\tsql.Open("mysql", dsn) }',
        'database/sql',
      ),
      source('var password = "example"\nvar secret = "SERVICE_SECRET"'),
      source(
        'func isMissing(password, token string) bool { return password == "" || token == "null" || token != "none" }',
      ),
    ],
  },
  'go-hardcoded-key': {
    positive: [
      source(
        'func issue(token *jwt.Token) (string, error) { return token.SignedString([]byte("s3cr3t")) }',
        'github.com/golang-jwt/jwt/v5',
      ),
      source('var key = []byte("0123456789abcdef")\nfunc open() { aes.NewCipher(key) }', 'crypto/aes'),
      source(
        'func sum(text []byte) { mac := hmac.New(sha256.New, []byte("pepper")) }',
        'crypto/hmac',
        'crypto/sha256',
      ),
      source(
        `func check(text string) {
	jwt.Parse(text, func(t *jwt.Token) (interface{}, error) {
		return []byte("mykey"), nil
	})
}`,
        'github.com/golang-jwt/jwt/v5',
      ),
      source(
        'var store = sessions.NewCookieStore([]byte("something-very-secret"))',
        'github.com/gorilla/sessions',
      ),
    ],
    negative: [
      source(
        'func issue(token *jwt.Token) (string, error) { return token.SignedString([]byte(os.Getenv("JWT_KEY"))) }',
        'github.com/golang-jwt/jwt/v5',
        'os',
      ),
      source('func open(key []byte) { aes.NewCipher(key)\n\terrors.New("no key") }', 'crypto/aes', 'errors'),
      source(
        'func sum(text, key []byte) { mac := hmac.New(sha256.New, key)\n\tmac.Write([]byte("prefix")) }',
        'crypto/hmac',
        'crypto/sha256',
      ),
      source(
        `func check(text string) {
	jwt.Parse(text, func(t *jwt.Token) (interface{}, error) { return publicKey, nil })
}
func name() (string, error) { return "a", nil }`,
        'github.com/golang-jwt/jwt/v5',
      ),
    ],
  },
  'go-weak-random-secret': {
    positive: [
      source('func newToken() string { return fmt.Sprintf("%x", rand.Int63()) }', 'fmt', 'math/rand'),
      source(
        `func randomString(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[rand.Intn(len(letters))]
	}
	return string(b)
}
func reset() { token := randomString(32)
	send(token) }`,
        'math/rand',
      ),
      source('func login(u *User) { u.SessionID = strconv.Itoa(rand.Int()) }', 'math/rand', 'strconv'),
      source(
        'func code() { r := rand.New(rand.NewSource(time.Now().UnixNano()))\n\totp := r.Intn(1000000)\n\tsend(otp) }',
        'math/rand',
        'time',
      ),
      source('func make() { key := 1\n\tnonce := make([]byte, 12)\n\trand.Read(nonce) }', 'math/rand'),
    ],
    negative: [
      source('func newToken() { b := make([]byte, 32)\n\trand.Read(b) }', 'crypto/rand'),
      source(
        'func jitter(d time.Duration) time.Duration { return d + time.Duration(rand.Int63n(100)) }',
        'math/rand',
        'time',
      ),
      source(
        'func sample(users []User) User { index := rand.Intn(len(users))\n\treturn users[index] }',
        'math/rand',
      ),
      source(
        'func newToken() { token := make([]byte, 32)\n\tcrand.Read(token)\n\tdelay := rand.Intn(10) }',
        'math/rand',
      )
        .replace('import "math/rand"', 'import crand "crypto/rand"\nimport "math/rand"')
        .replace('newToken', 'issue'),
    ],
  },
  'go-jwt-not-verified': {
    positive: [
      handler(
        'token, _, err := new(jwt.Parser).ParseUnverified(r.Header.Get("Authorization"), claims)',
        'github.com/golang-jwt/jwt/v5',
      ),
      source(
        'func key(t *jwt.Token) (any, error) { return jwt.UnsafeAllowNoneSignatureType, nil }',
        'github.com/golang-jwt/jwt/v5',
      ),
      source(
        'func issue() { jwt.NewWithClaims(jwt.SigningMethodNone, claims) }',
        'github.com/golang-jwt/jwt/v5',
      ),
      source(
        'func read(text []byte) { jwt.Parse(text, jwt.WithVerify(false)) }',
        'github.com/lestrrat-go/jwx/v2/jwt',
      ),
      source(
        'func claims(token string) { parts := strings.Split(token, ".")\n\tdata, err := base64.RawURLEncoding.DecodeString(parts[1])\n\tjson.Unmarshal(data, &c) }',
        'encoding/base64',
        'strings',
      ),
    ],
    negative: [
      source(
        'func name(text string) { parts := strings.Split(text, ":")\n\tdata, err := base64.StdEncoding.DecodeString(parts[1]) }',
        'encoding/base64',
        'strings',
      ),
      source(
        'func read(text string) { jwt.ParseWithClaims(text, claims, key, jwt.WithValidMethods([]string{"RS256"})) }',
        'github.com/golang-jwt/jwt/v5',
      ),
      source(
        `func read(text string) (*jwt.Token, error) {
	unverified, _, err := parser.ParseUnverified(text, claims)
	key := keys[unverified.Header["kid"].(string)]
	return jwt.Parse(text, func(*jwt.Token) (any, error) { return key, nil })
}`,
        'github.com/golang-jwt/jwt/v5',
      ),
      source(
        'func read(text []byte) { jwt.Parse(text, jwt.WithVerify(true), jwt.WithKeySet(keys)) }',
        'github.com/lestrrat-go/jwx/v2/jwt',
      ),
    ],
  },
  'go-secret-compared-in-steps': {
    positive: [
      handler(
        'mac := hmac.New(sha256.New, key)\nmac.Write(body)\nif hex.EncodeToString(mac.Sum(nil)) == r.Header.Get("X-Signature") {\n\tok()\n}',
        'crypto/hmac',
        'crypto/sha256',
        'encoding/hex',
      ),
      handler('if r.Header.Get("X-Api-Key") != apiKey {\n\treturn\n}'),
      gin('token := c.GetHeader("X-Token")\nif token == s.adminToken {\n\tnext()\n}'),
      source(
        'func check(signature, expectedSignature []byte) bool { return bytes.Equal(signature, expectedSignature) }',
        'bytes',
        'crypto/hmac',
      ),
    ],
    negative: [
      source(
        'func check(key, text, given []byte) bool { mac := hmac.New(sha256.New, key)\n\tmac.Write(text)\n\treturn subtle.ConstantTimeCompare(mac.Sum(nil), given) == 1 }',
        'crypto/hmac',
        'crypto/sha256',
        'crypto/subtle',
      ),
      handler('if !hmac.Equal(sum, []byte(r.Header.Get("X-Signature"))) {\n\treturn\n}', 'crypto/hmac'),
      handler('token := r.Header.Get("Authorization")\nif token == "" {\n\treturn\n}'),
      source(
        'func next(p *Parser) bool { return p.token == token.EOF || p.token != p.expected }',
        'go/token',
        'net/http',
      ),
      handler('if r.FormValue("password") != r.FormValue("confirm_password") {\n\treturn\n}'),
      source(
        'func same(a, b []byte) bool { return bytes.Equal(a, b) }\nvar token string',
        'bytes',
        'crypto/sha256',
      ),
      handler(
        'if subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Token")), token) != 1 {\n\treturn\n}',
        'crypto/subtle',
      ),
    ],
  },
}
