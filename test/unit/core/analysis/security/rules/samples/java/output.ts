import type { RuleSamples } from '../../rule-samples.ts'
import { controller, rest, servlet, type } from './snippets.ts'

export const OUTPUT_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'java-html-from-input': {
    positive: [
      servlet('response.getWriter().println("<h1>Hello " + request.getParameter("name") + "</h1>");'),
      servlet(
        'response.setContentType("text/html");\nPrintWriter out = response.getWriter();\nString q = request.getParameter("q");\nout.write(String.format("<p>%s</p>", q));',
      ),
      rest(
        '@GetMapping("/hello")\nString hello(@RequestParam String name) { return "<h1>Hello " + name + "</h1>"; }',
      ),
      servlet(
        'StringBuilder page = new StringBuilder("<ul>");\nfor (String item : request.getParameterValues("item")) {\n  page.append("<li>").append(item).append("</li>");\n}\nresponse.getWriter().print(page.toString());',
      ),
    ],
    negative: [
      servlet(
        'response.getWriter().println("<h1>Hello " + HtmlUtils.htmlEscape(request.getParameter("name")) + "</h1>");',
      ),
      servlet(
        'response.setContentType("application/json");\nresponse.getWriter().print("{\\"name\\": \\"" + request.getParameter("name") + "\\"}");',
      ),
      servlet(
        'System.out.println("<b>" + request.getParameter("name"));\nresponse.getWriter().println("<b>done</b>");',
      ),
      rest('@GetMapping("/hello")\nGreeting hello(@RequestParam String name) { return new Greeting(name); }'),
      rest('@GetMapping("/p")\nString p(@RequestParam int page) { return "<b>" + page + "</b>"; }'),
      servlet('response.getWriter().print("<p>" + Encode.forHtml(request.getParameter("q")) + "</p>");'),
    ],
  },
  'java-view-name-from-input': {
    positive: [
      controller(
        '@GetMapping("/page")\nString page(@RequestParam String lang) { return "pages/" + lang + "/welcome"; }',
      ),
      controller('@GetMapping("/{section}")\nString page(@PathVariable String section) { return section; }'),
      controller(
        '@GetMapping("/go")\nString go(@RequestParam String to) { String view = "forward:" + to;\n  return view; }',
      ),
    ],
    negative: [
      controller(
        '@GetMapping("/page")\nString page(@RequestParam String name, Model model) { model.addAttribute("name", name); return "page"; }',
      ),
      rest(
        '@GetMapping("/page")\nString page(@RequestParam String name) { return "Hello " + name; }',
      ).replace('public class', '/* not a @Controller */ public class'),
      controller(
        '@GetMapping("/page")\nString page(@RequestParam String lang) { if (!LANGUAGES.contains(lang)) { return "error"; }\n  return "pages/" + lang; }',
      ),
      controller('@ResponseBody @GetMapping("/t")\nString t(@RequestParam String text) { return text; }'),
    ],
  },
  'java-log-entry-from-input': {
    positive: [
      servlet('logger.info("login of " + request.getParameter("user"));'),
      rest('@GetMapping("/s")\nvoid s(@RequestParam String q) { log.warn("search {}", q); }'),
      servlet(
        'String agent = request.getHeader("User-Agent");\nLOG.debug(String.format("agent %s", agent));',
      ),
    ],
    negative: [
      servlet('logger.info("login of " + request.getParameter("user").replaceAll("[\\\\r\\\\n]", "_"));'),
      rest('@GetMapping("/o/{id}")\nvoid o(@PathVariable long id) { log.info("order {}", id); }'),
      type('void start(String name) { log.info("started " + name); }'),
      servlet('catalog.info(request.getParameter("item"));\nlogger.info("asked");'),
    ],
  },
  'java-debug-output': {
    positive: [
      servlet('try { run(); } catch (Exception e) { e.printStackTrace(response.getWriter()); }'),
      type('@EnableWebSecurity(debug = true)\nstatic class Security {}'),
      servlet(
        'PrintWriter out = response.getWriter();\ntry { run(); } catch (Exception e) { out.println(Arrays.toString(e.getStackTrace())); }',
      ),
    ],
    negative: [
      servlet('try { run(); } catch (Exception e) { e.printStackTrace(); response.sendError(500); }'),
      type('@EnableWebSecurity(debug = false)\nstatic class Security {}'),
      servlet(
        'try { run(); } catch (Exception e) { StringWriter text = new StringWriter(); e.printStackTrace(new PrintWriter(text)); logger.error(text.toString()); }',
      ),
    ],
  },
}
