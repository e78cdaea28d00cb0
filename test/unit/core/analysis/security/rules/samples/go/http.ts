import type { RuleSamples } from '../../rule-samples.ts'
import { gin, handler, source } from './snippets.ts'

export const HTTP_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'go-session-cookie-unprotected': {
    positive: [
      handler('http.SetCookie(w, &http.Cookie{Name: "session", Value: id})'),
      handler(
        'cookie := http.Cookie{Name: "auth_token", Value: token, Path: "/", HttpOnly: true, Secure: false}\nhttp.SetCookie(w, &cookie)',
      ),
      gin('c.SetCookie("session_id", id, 3600, "/", "", false, true)'),
    ],
    negative: [
      handler('http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Secure: true, HttpOnly: true})'),
      handler('http.SetCookie(w, &http.Cookie{Name: "theme", Value: "dark"})'),
      handler('http.SetCookie(w, &http.Cookie{Name: "session", Value: "", MaxAge: -1})'),
      handler(
        'cookie := &http.Cookie{Name: "session", Value: id}\ncookie.Secure = true\ncookie.HttpOnly = true\nhttp.SetCookie(w, cookie)',
      ),
      gin('c.SetCookie("session_id", id, 3600, "/", "", true, true)'),
    ],
  },
  'go-credentials-for-any-origin': {
    positive: [
      handler(
        'w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))\nw.Header().Set("Access-Control-Allow-Credentials", "true")',
      ),
      source(
        'var c = cors.New(cors.Options{AllowedOrigins: []string{"*"}, AllowCredentials: true})',
        'github.com/rs/cors',
      ),
      source(
        'var c = cors.Config{AllowOriginFunc: func(origin string) bool { return true }, AllowCredentials: true}',
        'github.com/gin-contrib/cors',
      ),
      gin(
        'c.Header("Access-Control-Allow-Origin", "*")\nc.Header("Access-Control-Allow-Credentials", "true")',
      ),
    ],
    negative: [
      source(
        'var c = cors.New(cors.Options{AllowedOrigins: []string{"*"}, AllowCredentials: false})',
        'github.com/rs/cors',
      ),
      source(
        'var c = cors.New(cors.Options{AllowedOrigins: []string{"https://shop.example"}, AllowCredentials: true})',
        'github.com/rs/cors',
      ),
      handler('w.Header().Set("Access-Control-Allow-Origin", "*")'),
      handler(
        `origin := r.Header.Get("Origin")
if allowed[origin] {
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}`,
      ),
    ],
  },
  'go-profiler-exposed': {
    positive: [
      `package main\n\nimport (\n\t"net/http"\n\t_ "net/http/pprof"\n)\n\nfunc main() {\n\thttp.ListenAndServe(":8080", nil)\n}\n`,
      source('func main() { gin.SetMode(gin.DebugMode)\n\tr := gin.Default() }', 'github.com/gin-gonic/gin'),
      source('func main() { e := echo.New()\n\te.Debug = true }', 'github.com/labstack/echo/v4'),
    ],
    negative: [
      `package main\n\nimport (\n\t"net/http"\n\t_ "net/http/pprof"\n)\n\nfunc main() {\n\thttp.ListenAndServe("localhost:6060", nil)\n}\n`,
      source('func main() { gin.SetMode(gin.ReleaseMode) }', 'github.com/gin-gonic/gin'),
      source('func main() { http.ListenAndServe(":8080", nil)\n\tlogger.Debug = true }', 'net/http'),
      `package main\n\nimport (\n\t"net/http"\n\t_ "net/http/pprof"\n)\n\nfunc main() {\n\tmux := http.NewServeMux()\n\thttp.ListenAndServe(":8080", mux)\n}\n`,
    ],
  },
}
