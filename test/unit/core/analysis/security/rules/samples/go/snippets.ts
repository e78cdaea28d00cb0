const imported = (paths: readonly string[]) => paths.map((path) => `import "${path}"\n`).join('')

/** A file of net/http with one handler. */
export function handler(body: string, ...imports: readonly string[]): string {
  return `package web\n\nimport "net/http"\n${imported(imports)}\nfunc handle(w http.ResponseWriter, r *http.Request) {\n${body}\n}\n`
}

/** A file of gin with one handler. */
export function gin(body: string, ...imports: readonly string[]): string {
  return `package web\n\nimport "github.com/gin-gonic/gin"\n${imported(imports)}\nfunc handle(c *gin.Context) {\n${body}\n}\n`
}

/** A file of declarations. */
export function source(declarations: string, ...imports: readonly string[]): string {
  return `package shop\n\n${imported(imports)}\n${declarations}\n`
}
