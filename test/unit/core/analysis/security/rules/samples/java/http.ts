import type { RuleSamples } from '../../rule-samples.ts'
import { rest, servlet, type } from './snippets.ts'

export const HTTP_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'java-session-cookie-unprotected': {
    positive: [
      servlet('response.addCookie(new Cookie("session", id));'),
      servlet(
        'Cookie cookie = new Cookie("auth_token", token);\ncookie.setHttpOnly(true);\nresponse.addCookie(cookie);',
      ),
      type(
        'ResponseCookie cookie(String id) { return ResponseCookie.from("SESSION_ID", id).httpOnly(true).secure(false).path("/").build(); }',
      ),
    ],
    negative: [
      servlet(
        'Cookie cookie = new Cookie("session", id);\ncookie.setSecure(true);\ncookie.setHttpOnly(true);\nresponse.addCookie(cookie);',
      ),
      servlet('response.addCookie(new Cookie("theme", "dark"));'),
      servlet(
        'Cookie cookie = new Cookie("session", null);\ncookie.setMaxAge(0);\nresponse.addCookie(cookie);',
      ),
      type(
        'ResponseCookie cookie(String id) { return ResponseCookie.from("session", id).httpOnly(true).secure(true).build(); }',
      ),
    ],
  },
  'java-credentials-for-any-origin': {
    positive: [
      type(
        'void addCorsMappings(CorsRegistry registry) { registry.addMapping("/**").allowedOriginPatterns("*").allowCredentials(true); }',
      ),
      type(
        'void open(CorsConfiguration config) { config.setAllowedOrigins(List.of("*")); config.setAllowCredentials(true); }',
      ),
      rest(
        '@CrossOrigin(origins = "*", allowCredentials = "true")\n@GetMapping("/me")\nUser me() { return user; }',
      ),
      servlet(
        'response.setHeader("Access-Control-Allow-Origin", request.getHeader("Origin"));\nresponse.setHeader("Access-Control-Allow-Credentials", "true");',
      ),
    ],
    negative: [
      type(
        'void addCorsMappings(CorsRegistry registry) { registry.addMapping("/**").allowedOrigins("https://shop.example").allowCredentials(true); }',
      ),
      type(
        'void open(CorsConfiguration config) { config.setAllowedOrigins(List.of("*")); config.setAllowCredentials(false); }',
      ),
      rest(
        '@CrossOrigin(origins = "*")\n@GetMapping("/prices")\nList<Price> prices() { return prices; }\nboolean allowCredentials;',
      ),
      servlet(
        `String origin = request.getHeader("Origin");
if (ORIGINS.contains(origin)) {
  response.setHeader("Access-Control-Allow-Origin", origin);
  response.setHeader("Access-Control-Allow-Credentials", "true");
}`,
      ),
    ],
  },
}
