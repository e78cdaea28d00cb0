import type { RuleSamples } from '../../rule-samples.ts'
import { rest, servlet, type } from './snippets.ts'

export const CODE_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'java-command-from-values': {
    positive: [
      servlet('Runtime.getRuntime().exec("ping -c 1 " + request.getParameter("host"));'),
      type(
        `void archive(String folder) throws IOException {
  String[] command = { "/bin/sh", "-c", "tar czf /backup.tgz " + folder };
  Runtime.getRuntime().exec(command);
}`,
      ),
      rest(
        `@PostMapping("/run")
void run(@RequestParam String command) throws IOException {
  ProcessBuilder builder = new ProcessBuilder("bash", "-c", command);
  builder.start();
}`,
      ),
      type('Process run(String command) throws IOException { return Runtime.getRuntime().exec(command); }'),
      servlet(
        'List<String> command = Arrays.asList("cmd.exe", "/c", "dir " + request.getParameter("dir"));\nnew ProcessBuilder(command).start();',
      ),
      servlet('new ProcessBuilder(request.getParameter("tool"), "--version").start();'),
    ],
    negative: [
      servlet('new ProcessBuilder("ping", "-c", "1", request.getParameter("host")).start();'),
      type('Process uptime() throws IOException { return Runtime.getRuntime().exec("uptime"); }'),
      type(
        'Process disk() throws IOException { return new ProcessBuilder("sh", "-c", "df -h | tail -1").start(); }',
      ),
      servlet(
        'Runtime.getRuntime().exec(new String[] { "convert", request.getParameter("file"), "out.png" });',
      ),
      type(
        'private static final String TOOL = "/usr/bin/git";\nProcess log() throws IOException { return Runtime.getRuntime().exec(TOOL + " log"); }',
      ),
      type(
        'void stop(Thread hook) { Runtime.getRuntime().addShutdownHook(hook); worker.exec(hook.getName()); }',
      ),
    ],
  },
  'java-code-from-input': {
    positive: [
      servlet(
        'ScriptEngine engine = new ScriptEngineManager().getEngineByName("js");\nengine.eval(request.getParameter("code"));',
        'javax.script.*',
      ),
      rest(
        `@GetMapping("/price")
Object price(@RequestParam String rule) {
  ExpressionParser parser = new SpelExpressionParser();
  return parser.parseExpression(rule).getValue();
}`,
      ),
      type(
        'Object total(ScriptEngine engine, String price) throws ScriptException { return engine.eval("total(\'" + price + "\')"); }',
        'javax.script.*',
      ),
      servlet('new GroovyShell().evaluate(request.getReader().readLine());'),
    ],
    negative: [
      servlet(
        'ScriptEngine engine = manager.getEngineByName("js");\nengine.put("name", request.getParameter("name"));\nengine.eval("greet(name)");',
        'javax.script.*',
      ),
      type('Expression rule() { return new SpelExpressionParser().parseExpression("price * 2"); }'),
      rest(
        '@GetMapping("/day")\nLocalDate day(@RequestParam String text) { return formatter.parse(text, LocalDate::from); }\nExpressionParser unused;',
      ),
    ],
  },
  'java-class-from-input': {
    positive: [
      servlet(
        'Class<?> type = Class.forName(request.getParameter("type"));\ntype.getDeclaredConstructor().newInstance();',
      ),
      rest(
        '@PostMapping("/load")\nObject load(@RequestBody Plugin plugin) throws Exception { return loader.loadClass(plugin.getClassName()).newInstance(); }',
      ),
      servlet(
        'String name = "shop.plugins." + request.getParameter("plugin");\nObject plugin = Class.forName(name).newInstance();',
      ),
    ],
    negative: [
      type('void driver() throws Exception { Class.forName("org.postgresql.Driver"); }'),
      type('Class<?> load(String name) throws Exception { return Class.forName(name); }'),
      servlet(
        'Map<String, String> types = Map.of("a", "shop.A");\nClass.forName(types.get(request.getParameter("type")));',
      ),
    ],
  },
  'java-jndi-lookup-of-input': {
    positive: [
      servlet('new InitialContext().lookup(request.getParameter("name"));', 'javax.naming.*'),
      rest(
        '@GetMapping("/x")\nObject x(@RequestParam String name) throws NamingException { Context ctx = new InitialContext(); return ctx.lookup("java:comp/" + name); }',
        'javax.naming.*',
      ),
      servlet(
        'String url = request.getHeader("X-Registry");\nRemote remote = Naming.lookup(url);',
        'java.rmi.Naming',
      ),
    ],
    negative: [
      type(
        'DataSource source() throws NamingException { return (DataSource) new InitialContext().lookup("java:comp/env/jdbc/shop"); }',
        'javax.naming.*',
      ),
      type(
        'Object find(String name) throws NamingException { return new InitialContext().lookup(name); }',
        'javax.naming.*',
      ),
      servlet(
        'Word word = dictionary.lookup(Integer.parseInt(request.getParameter("id")));\nContext c;',
        'javax.naming.*',
      ),
    ],
  },
  'java-template-from-input': {
    positive: [
      servlet(
        'Velocity.evaluate(context, writer, "mail", request.getParameter("template"));',
        'org.apache.velocity.app.Velocity',
      ),
      rest(
        '@PostMapping("/p")\nString preview(@RequestBody String source) throws IOException { Template template = new Template("t", new StringReader(source), configuration); return render(template); }',
        'freemarker.template.*',
      ),
      rest(
        '@GetMapping("/p")\nString show(@RequestParam String view) { return templateEngine.process("pages/" + view, context); }',
        'org.thymeleaf.TemplateEngine',
      ),
    ],
    negative: [
      servlet(
        'context.put("name", request.getParameter("name"));\nVelocity.evaluate(context, writer, "mail", MAIL);',
        'org.apache.velocity.app.Velocity',
      ),
      rest(
        '@GetMapping("/p")\nString show(@RequestParam String name) { context.setVariable("name", name); return templateEngine.process("page", context); }',
        'org.thymeleaf.TemplateEngine',
      ),
      rest(
        '@PostMapping("/o")\nvoid order(@RequestBody Order order) { orders.process(order); }\nTemplateEngine templateEngine;',
      ),
    ],
  },
  'java-regex-from-input': {
    positive: [
      servlet('Pattern pattern = Pattern.compile(request.getParameter("q"));', 'java.util.regex.Pattern'),
      rest(
        '@GetMapping("/s")\nboolean s(@RequestParam String expression) { return text.matches(expression); }',
      ),
      servlet(
        'String q = ".*" + request.getParameter("q") + ".*";\nPattern.compile(q, Pattern.CASE_INSENSITIVE);',
        'java.util.regex.Pattern',
      ),
    ],
    negative: [
      servlet('Pattern.compile(Pattern.quote(request.getParameter("q")));', 'java.util.regex.Pattern'),
      servlet('boolean ok = request.getParameter("q").matches("[a-z]+");'),
      rest(
        '@PostMapping("/login")\nboolean login(@RequestParam String password) { return encoder.matches(password, stored); }',
      ),
    ],
  },
}
