import type { RuleSamples } from '../../rule-samples.ts'
import { controller, rest, servlet, type } from './snippets.ts'

export const REQUEST_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'java-request-to-input-address': {
    positive: [
      servlet(
        'URL url = new URL(request.getParameter("url"));\nInputStream in = url.openStream();',
        'java.net.URL',
      ),
      rest(
        '@GetMapping("/p")\nString p(@RequestParam String address) { return restTemplate.getForObject(address, String.class); }',
      ),
      rest(
        '@PostMapping("/h")\nvoid h(@RequestBody Hook hook) throws Exception { HttpRequest call = HttpRequest.newBuilder().uri(URI.create(hook.getUrl())).build(); client.send(call, handler); }',
        'java.net.http.*',
      ),
      servlet(
        'String host = request.getParameter("host");\nnew URL("https://" + host + "/status").openConnection().connect();',
        'java.net.URL',
      ),
      rest(
        '@GetMapping("/i")\nDocument i(@RequestParam String page) throws IOException { return Jsoup.connect(page).get(); }',
      ),
      servlet('HttpGet get = new HttpGet(String.format("http://%s/api", request.getHeader("X-Backend")));'),
    ],
    negative: [
      rest(
        '@GetMapping("/u")\nUser u(@RequestParam String id) { return restTemplate.getForObject("https://api.example.com/users/" + id, User.class); }',
      ),
      rest(
        '@GetMapping("/u")\nUser u(@RequestParam String id) { return restTemplate.getForObject(baseUrl + "/users/{id}", User.class, id); }',
      ),
      servlet(
        `URL url = new URL(request.getParameter("url"));
if (!ALLOWED_HOSTS.contains(url.getHost())) {
  throw new IllegalArgumentException();
}
url.openStream();`,
        'java.net.URL',
      ),
      type(
        'InputStream fetch(String address) throws IOException { return new URL(address).openStream(); }',
        'java.net.URL',
      ),
      servlet(
        'Object value = cache.get(request.getParameter("key"));\nInputStream in = getClass().getResource("/a").openStream();',
      ),
      servlet(
        'String target = TARGETS.get(request.getParameter("target"));\nnew URL(target).openStream();',
        'java.net.URL',
      ),
    ],
  },
  'java-redirect-to-input': {
    positive: [
      servlet('response.sendRedirect(request.getParameter("next"));'),
      controller(
        '@GetMapping("/go")\nString go(@RequestParam String target) { return "redirect:" + target; }',
      ),
      servlet(
        'String url = request.getParameter("url");\nresponse.setStatus(302);\nresponse.setHeader("Location", url);',
      ),
      controller(
        '@GetMapping("/go")\nRedirectView go(@RequestParam String target) { return new RedirectView(target); }',
      ),
      rest(
        '@GetMapping("/go")\nResponseEntity<Void> go(@RequestParam String target) { return ResponseEntity.status(HttpStatus.FOUND).location(URI.create(target)).build(); }',
      ),
    ],
    negative: [
      servlet('response.sendRedirect("/users/" + request.getParameter("id"));'),
      servlet('response.sendRedirect(request.getContextPath() + "/login");'),
      servlet(
        'StringBuilder url = new StringBuilder();\nurl.append("https://").append("shop.example").append("/?q=").append(request.getParameter("q"));\nresponse.sendRedirect(url.toString());',
      ),
      controller(
        '@GetMapping("/go/{id}")\nString go(@PathVariable String id) { return "redirect:/users/" + id; }',
      ),
      servlet(
        'String next = request.getParameter("next");\nif (next == null || !next.startsWith("/app/")) {\n  next = "/";\n}\nresponse.sendRedirect(next);',
      ),
      rest(
        '@PostMapping("/u")\nResponseEntity<User> create(@RequestBody User user) { return ResponseEntity.created(URI.create("/u/" + user.getName())).body(user); }\nString location(String x) { return x; }',
      ),
      servlet(
        'if (ALLOWED.contains(request.getParameter("next"))) {\n  response.sendRedirect(request.getParameter("next"));\n}',
      ),
    ],
  },
}
