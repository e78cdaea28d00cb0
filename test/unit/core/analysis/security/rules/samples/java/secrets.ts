import type { RuleSamples } from '../../rule-samples.ts'
import { servlet, type } from './snippets.ts'

export const SECRET_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'java-hardcoded-credential': {
    positive: [
      type('private static final String DB_PASSWORD = "hunter2";'),
      type(
        'boolean login(String user, String password) { return "admin".equals(user) && "opensesame1".equals(password); }',
      ),
      type('void open() throws SQLException { DriverManager.getConnection(url, "root", "Winter2024!"); }'),
      type('void configure(DataSource source) { source.setPassword("s3cr3t-pw"); }'),
      type('String apiKey = "9f86d081884c7d659a2feaa0c55ad015";'),
      type('void login() { this.authToken = "ghs_16C7e42F292c6912E7710c838347Ae178B4a"; }'),
      type(
        'Authenticator auth() { return new PasswordAuthentication("app", "letmein99".toCharArray()); }\nString key_; String apiKeyName;',
      ),
    ],
    negative: [
      type('private final String password = System.getenv("DB_PASSWORD");'),
      type(
        'static final String PASSWORD_FIELD = "password";\nstatic final String TOKEN_HEADER = "X-Auth-Token";\nstatic final String PASSWORD = "password";',
      ),
      type('String password = "";\nString apiKey = "<your-api-key>";\nString secret = "changeme";'),
      type(
        'void open() throws SQLException { DriverManager.getConnection(url, user, password); messages.put("password", "error.password.missing"); }',
      ),
      type('String passwordMessage = "Your password was changed";\nString tokenType = "Bearer";'),
      type(
        '@Value("${db.password}") private String password;\nvoid set(User u) { u.setPassword(encoder.encode("a")); }',
      ),
    ],
  },
  'java-hardcoded-key': {
    positive: [
      type('Key key() { return new SecretKeySpec("0123456789abcdef".getBytes(), "AES"); }'),
      type(
        'private static final String SECRET = "mysecretkey";\nString issue() { return JWT.create().sign(Algorithm.HMAC256(SECRET)); }',
      ),
      type('Key key() { return Keys.hmacShaKeyFor("a-key-that-is-long-enough-for-hs256".getBytes(UTF_8)); }'),
      type(
        'String issue() { return Jwts.builder().signWith(SignatureAlgorithm.HS256, "s3cr3t").compact(); }',
      ),
    ],
    negative: [
      type('Key key() { return new SecretKeySpec(System.getenv("KEY").getBytes(), "AES"); }'),
      type('Key key(byte[] bytes) { return new SecretKeySpec(bytes, "AES"); }'),
      type(
        '@Value("${jwt.key}") private String secret;\nString issue() { return JWT.create().sign(Algorithm.HMAC256(secret)); }',
      ),
      type(
        'Key key(byte[] data) { byte[] raw = new byte[16]; System.arraycopy(data, 0, raw, 0, 16); return new SecretKeySpec(raw, "AES"); }',
      ),
    ],
  },
  'java-weak-random-secret': {
    positive: [
      type('String newToken() { return Long.toHexString(new Random().nextLong()); }', 'java.util.Random'),
      type(
        `private final Random random = new Random();
String create() {
  StringBuilder password = new StringBuilder();
  for (int i = 0; i < 12; i++) {
    password.append(CHARS.charAt(random.nextInt(CHARS.length())));
  }
  return password.toString();
}`,
        'java.util.Random',
      ),
      servlet(
        'String sessionId = String.valueOf(Math.random());\nresponse.addCookie(new Cookie("s", sessionId));',
      ),
      type('void invite(User user) { user.setResetToken(RandomStringUtils.randomAlphanumeric(20)); }'),
      type('int otp() { int otp = ThreadLocalRandom.current().nextInt(1000000); return otp; }'),
    ],
    negative: [
      type(
        'private final SecureRandom random = new SecureRandom();\nString newToken() { byte[] bytes = new byte[32]; random.nextBytes(bytes); return hex(bytes); }',
      ),
      type('long delay(int attempt) { return base + ThreadLocalRandom.current().nextInt(100); }'),
      type('Card draw() { return cards.get(new Random().nextInt(cards.size())); }'),
      type(
        'String newToken() { Random random = new SecureRandom(); return Long.toHexString(random.nextLong()); }',
      ),
    ],
  },
}
