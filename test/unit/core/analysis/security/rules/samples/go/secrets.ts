import type { RuleSamples } from '../../rule-samples.ts'
import { source } from './snippets.ts'

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
}
