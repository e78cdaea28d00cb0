import type { RuleSamples } from '../../rule-samples.ts'

export const HTML_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'js-html-from-input': {
    positive: [
      "app.get('/', (req, res) => {\n  res.send(`<h1>Hello ${req.query.name}</h1>`)\n})",
      "app.get('/search', (req, res) => {\n  const q = req.query.q\n  let page = '<html><body>'\n  page += '<p>Results for ' + q + '</p>'\n  res.send(page)\n})",
      "app.get('/echo', function (req, res) {\n  res.send('You said ' + req.query.text)\n})",
      "router.get('/hi/:name', async (ctx) => {\n  ctx.body = `<p>${ctx.params.name}</p>`\n})",
      "export default {\n  async fetch(request) {\n    const { searchParams } = new URL(request.url)\n    const name = searchParams.get('name')\n    return new Response(`<p>${name}</p>`, { headers: { 'content-type': 'text/html' } })\n  },\n}",
      "http.createServer((req, res) => {\n  const { query } = url.parse(req.url, true)\n  res.end('<b>' + query.q + '</b>')\n})",
      "app.get('/raw', (req, res) => res.status(404).send(req.params.page))",
    ],
    negative: [
      "app.get('/', (req, res) => {\n  res.send(`<h1>Hello ${escapeHtml(req.query.name)}</h1>`)\n})",
      "app.get('/', (req, res) => res.json({ name: req.query.name }))",
      "app.get('/', (req, res) => {\n  res.type('text/plain').send('Hello ' + req.query.name)\n})",
      "app.get('/', (req, res) => {\n  res.render('hello', { name: req.query.name })\n})",
      "app.post('/', (req, res) => res.send(req.body))",
      "app.get('/n', (req, res) => {\n  const n = Number(req.query.n)\n  res.send(`<p>${n * 2}</p>`)\n})",
      "app.get('/u/:id', async (req, res) => {\n  const user = await users.findById(req.params.id)\n  res.send(user)\n})",
      "socket.write('name=' + req.query.name)\nres.send({ name: req.query.name })",
    ],
  },
  'js-dom-html': {
    positive: [
      "document.getElementById('out').innerHTML = location.hash.slice(1)",
      "function show(name) {\n  element.innerHTML = '<b>' + name + '</b>'\n}",
      "const q = new URLSearchParams(location.search).get('q')\nresults.insertAdjacentHTML('beforeend', `<p>${q}</p>`)",
      "window.addEventListener('message', (event) => {\n  panel.innerHTML = event.data.html\n})",
      "document.write('<script src=\"' + document.referrer + '\"></' + 'script>')",
      'for (const comment of comments) list.innerHTML += `<li>${comment.text}</li>`',
      "$('#title').html(window.location.hash)",
    ],
    negative: [
      'element.textContent = location.hash.slice(1)',
      "element.innerHTML = ''",
      'element.innerHTML = DOMPurify.sanitize(comment.body)',
      'element.innerHTML = `<b>${escapeHtml(name)}</b>`',
      "const ICON = '<svg></svg>'\nbutton.innerHTML = `<span>${ICON}</span>`",
      "element.innerHTML = `<b>${items.length}</b>`\nstream.write('<p>' + name + '</p>')",
      'copy.innerHTML = original.innerHTML',
    ],
  },
  'js-react-html': {
    positive: [
      {
        code: 'const Bio = ({ user }) => <div dangerouslySetInnerHTML={{ __html: user.bio }} />',
        languages: ['javascript', 'tsx'],
      },
      "createElement('div', { dangerouslySetInnerHTML: { __html: comment } })",
      "const markup = marked.parse(text)\ncreateElement('div', { dangerouslySetInnerHTML: { __html: markup } })",
    ],
    negative: [
      {
        code: 'const Bio = ({ user }) => <div dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(user.bio) }} />',
        languages: ['javascript', 'tsx'],
      },
      "const STYLE = '.a { color: red }'\ncreateElement('style', { dangerouslySetInnerHTML: { __html: STYLE } })",
      "createElement('script', { dangerouslySetInnerHTML: { __html: JSON.stringify(data) } })",
      "const clean = sanitizeHtml(dirty)\ncreateElement('div', { dangerouslySetInnerHTML: { __html: clean } })",
    ],
  },
  'js-angular-trust': {
    positive: [
      'this.html = this.sanitizer.bypassSecurityTrustHtml(post.body)',
      'const url = sanitizer.bypassSecurityTrustResourceUrl(`https://${host}/embed`)',
      'constructor.trusted = sanitizer.bypassSecurityTrustScript(code)',
    ],
    negative: [
      "this.icon = this.sanitizer.bypassSecurityTrustHtml('<svg></svg>')",
      'this.html = this.sanitizer.bypassSecurityTrustHtml(DOMPurify.sanitize(post.body))',
      "const LOGO = 'https://example.com/logo.svg'\nthis.logo = sanitizer.bypassSecurityTrustResourceUrl(LOGO)",
      'this.html = this.sanitizer.sanitize(SecurityContext.HTML, post.body)',
    ],
  },
  'js-template-escaping-off': {
    positive: [
      'const template = Handlebars.compile(source, { noEscape: true })',
      "nunjucks.configure('views', { autoescape: false })",
      "Handlebars.registerHelper('bold', (text) => new Handlebars.SafeString('<b>' + text + '</b>'))",
      'Mustache.escape = (text) => text',
    ],
    negative: [
      'const template = Handlebars.compile(source, { noEscape: false })',
      "nunjucks.configure('views', { autoescape: true, express: app })",
      "Handlebars.registerHelper('bold', (text) => new Handlebars.SafeString('<b>' + Handlebars.escapeExpression(text) + '</b>'))",
      'css.escape = (text) => text\nMustache.escape = (text) => encode(text)',
    ],
  },
}
