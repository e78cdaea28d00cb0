import type { RuleSamples } from '../../rule-samples.ts'
import { gin, handler, source } from './snippets.ts'

export const OUTPUT_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'go-html-from-input': {
    positive: [
      handler('fmt.Fprintf(w, "<h1>Hello %s</h1>", r.FormValue("name"))', 'fmt'),
      handler('name := r.URL.Query().Get("name")\nw.Write([]byte("<p>" + name + "</p>"))'),
      handler(
        'page := strings.Replace(layout, "{{title}}", r.FormValue("title"), 1)\nio.WriteString(w, page)',
        'io',
        'strings',
      ),
      gin('c.Data(200, "text/html; charset=utf-8", []byte("<b>"+c.Query("q")+"</b>"))'),
      source(
        'func show(c echo.Context) error { return c.HTML(200, "<h1>" + c.Param("name") + "</h1>") }',
        'github.com/labstack/echo/v4',
      ),
    ],
    negative: [
      handler('fmt.Fprintf(w, "<h1>Hello %s</h1>", html.EscapeString(r.FormValue("name")))', 'fmt', 'html'),
      handler(
        'w.Header().Set("Content-Type", "text/plain")\nfmt.Fprintf(w, "Hello %s", r.FormValue("name"))',
        'fmt',
      ),
      handler('page.Execute(w, r.FormValue("name"))', 'html/template'),
      gin('c.HTML(200, "page.html", gin.H{"name": c.Query("name")})'),
      handler(
        'var b strings.Builder\nfmt.Fprintf(&b, "<p>%s</p>", r.FormValue("q"))\nsave(b.String())',
        'fmt',
        'strings',
      ),
      handler(
        'count, _ := strconv.Atoi(r.FormValue("n"))\nfmt.Fprintf(w, "<p>%d</p>", count)',
        'fmt',
        'strconv',
      ),
      gin('c.String(200, "Hello %s", c.Query("name"))'),
    ],
  },
  'go-template-unescaped': {
    positive: [
      source('func (p Post) page() template.HTML { return template.HTML(p.Body) }', 'html/template'),
      handler('page.Execute(w, template.HTML(r.FormValue("bio")))', 'html/template'),
      source(
        'func greet(name string) template.HTML {\n\treturn template.HTML("<b>" + name + "</b>")\n}',
        'html/template',
      ),
      source(
        `func link(u User) template.HTML { return template.HTML(fmt.Sprintf("<a href='%s'>", u.Site)) }`,
        'fmt',
        'html/template',
      ),
      source('func show(c Comment) { render(template.JS(c.Text)) }', 'html/template'),
    ],
    negative: [
      source('func (p Post) page() template.HTML { return template.HTML(p.renderedHTML) }', 'html/template'),
      source('func badge() template.HTML { return template.HTML("<b>new</b>") }', 'html/template'),
      source(
        'func bold(text string) template.HTML { return template.HTML("<b>" + template.HTMLEscapeString(text) + "</b>") }',
        'html/template',
      ),
      source(
        'func safe(text string) template.HTML { return template.HTML(policy.Sanitize(text)) }',
        'html/template',
      ),
      source('func show(text string) []byte { return codec.JS(text) }', 'html/template'),
    ],
  },
  'go-text-template-for-page': {
    positive: [
      handler('template.Must(template.New("p").Parse(page)).Execute(w, user)', 'text/template'),
      source(
        'func (s *Site) show(w http.ResponseWriter, r *http.Request) { s.pages.ExecuteTemplate(w, "home", nil) }',
        'net/http',
        'text/template',
      ),
      gin('tmpl.Execute(c.Writer, c.Query("name"))', 'text/template'),
    ],
    negative: [
      handler('pages.Execute(w, user)', 'html/template'),
      handler('w.Header().Set("Content-Type", "text/plain")\nmail.Execute(w, user)', 'text/template'),
      source(
        'func send(to string) { var b bytes.Buffer\n\tmail.Execute(&b, to) }\nfunc h(w http.ResponseWriter) {}',
        'bytes',
        'net/http',
        'text/template',
      ),
    ],
  },
  'go-template-from-input': {
    positive: [
      handler('t, err := template.New("mail").Parse(r.FormValue("body"))', 'text/template'),
      gin(
        'source := "<p>" + c.PostForm("text") + "</p>"\ntmpl, err := template.New("x").Funcs(f).Parse(source)',
        'html/template',
      ),
      handler('tpl, err := pongo2.FromString(r.URL.Query().Get("tpl"))', 'github.com/flosch/pongo2/v6'),
    ],
    negative: [
      handler(
        't := template.Must(template.New("mail").Parse("Hello {{.}}"))\nt.Execute(w, r.FormValue("name"))',
        'html/template',
      ),
      handler(
        'page, err := template.ParseFiles("page.html")\nu, err := url.Parse(r.FormValue("url"))',
        'html/template',
        'net/url',
      ),
      source('func load(text string) { template.New("x").Parse(text) }', 'html/template'),
    ],
  },
  'go-log-entry-from-input': {
    positive: [
      handler('log.Printf("login failed for %s", r.FormValue("user"))', 'log'),
      handler('user := r.Header.Get("X-User")\nlog.Println("user: " + user)', 'log'),
      gin('log.Print("search ", c.Query("q"))', 'log'),
    ],
    negative: [
      handler('log.Printf("login failed for %q", r.FormValue("user"))', 'log'),
      handler(
        'user := strings.ReplaceAll(r.FormValue("user"), "\\n", "")\nlog.Println(user)',
        'log',
        'strings',
      ),
      handler('slog.Info("login failed", "user", r.FormValue("user"))', 'log/slog'),
      handler(
        'id, err := strconv.Atoi(r.FormValue("id"))\nlog.Printf("order %d: %v", id, err)',
        'log',
        'strconv',
      ),
    ],
  },
}
