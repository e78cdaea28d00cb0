const MEGABYTE = 1_000_000

/** Some 1 MB of it, or less where `times` says so. */
function of(unit: string, times = Math.floor(MEGABYTE / unit.length)): string {
  return unit.repeat(times)
}

/** Source that was written to be expensive, by name; each with words that make the rules want to parse it. */
export function hostileSources(): Readonly<Record<string, { path: string; content: string }>> {
  const js = (content: string) => ({ path: 'src/a.ts', content: `${INTERESTING_JS}${content}` })
  return {
    one_line: js(of('a+')),
    string: js(`x = "${of('a')}"`),
    brackets: js(of('(', 10_000)),
    nested: js(of('[', 10_000) + of(']', 10_000)),
    open_lines: js(of('{[(\n')),
    comparisons: js(of('a<\n')),
    types: js(of('aaa<\n')),
    arrows: js(of('a=>\n')),
    templates: js(of('`${\n')),
    comments: js(of('/*\n')),
    regexes: js(of('/(a+)+$/\n')),
    statements: js(of('f(a)\n')),
    calls: js(of(`${'f('.repeat(200)}a${')'.repeat(200)}\n`)),
    jsx: { path: 'src/a.tsx', content: `${INTERESTING_JS}${of('<a>\n')}` },
    secrets: js(of(`ghp_${'a'.repeat(36)}\n`)),
    urls: js(of('https://user:pass@host/\n')),
    keys: js(of('-----BEGIN PRIVATE KEY-----\n')),
    go_questions: { path: 'a.go', content: `${INTERESTING_GO}${of('a?\n')}` },
    go_arrows: { path: 'a.go', content: `${INTERESTING_GO}${of('aaa=>\n')}` },
    java_dots: { path: 'A.java', content: `${INTERESTING_JAVA}${of('aaa.x\n')}` },
    python_open: { path: 'a.py', content: `${INTERESTING_PYTHON}${of('f(\n')}` },
    python_indents: { path: 'a.py', content: `${INTERESTING_PYTHON}${indented(1_400)}` },
  }
}

const INTERESTING_JS =
  "import { exec } from 'node:child_process'\nimport express from 'express'\nconst app = express()\napp.get('/', (req, res) => { exec(req.query.a); eval(req.body.b) })\n"
const INTERESTING_GO =
  'package a\nimport ("net/http"; "os/exec")\nfunc h(w http.ResponseWriter, r *http.Request) { exec.Command("sh", "-c", r.FormValue("a")) }\n'
const INTERESTING_JAVA =
  'import javax.servlet.http.*;\nclass A { void h(HttpServletRequest r) throws Exception { Runtime.getRuntime().exec(r.getParameter("a")); } }\n'
const INTERESTING_PYTHON =
  'import os\nfrom flask import request\ndef h():\n    os.system(request.args["a"])\n    eval(request.form["b"])\n'

function indented(depth: number): string {
  return Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}if a:\n`).join('')
}
