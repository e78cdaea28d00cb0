import type { RuleSamples } from '../../rule-samples.ts'
import { gin, handler, source } from './snippets.ts'

export const REQUEST_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'go-request-to-input-address': {
    positive: [
      handler('resp, err := http.Get(r.URL.Query().Get("url"))'),
      handler(
        `host := r.FormValue("host")
req, err := http.NewRequestWithContext(r.Context(), "GET", "https://"+host+"/status", nil)`,
      ),
      gin(
        'var hook Hook\nif err := c.ShouldBindJSON(&hook); err != nil {\n\treturn\n}\nclient := &http.Client{}\nclient.Post(hook.URL, "application/json", nil)',
        'net/http',
      ),
      handler('conn, err := net.Dial("tcp", r.FormValue("address"))', 'net'),
      handler(
        'target, _ := url.Parse(r.Header.Get("X-Target"))\nproxy := httputil.NewSingleHostReverseProxy(target)',
        'net/http/httputil',
        'net/url',
      ),
      handler('address := fmt.Sprintf("http://%s:8080/", r.PathValue("node"))\nhttp.Head(address)', 'fmt'),
    ],
    negative: [
      handler(
        `target, err := url.Parse(r.FormValue("url"))
switch target.Host {
case "a.example", "b.example":
default:
	http.Error(w, "no", 403)
	return
}
http.Get(target.String())`,
        'net/url',
      ),
      handler('http.Get("https://api.example.com/users/" + url.PathEscape(r.FormValue("id")))', 'net/url'),
      handler('http.Get(fmt.Sprintf("%s/users/%s", baseURL, r.FormValue("id")))', 'fmt'),
      handler(
        `target, err := url.Parse(r.FormValue("url"))
if err != nil || !allowedHosts[target.Hostname()] {
	return
}
http.Get(target.String())`,
        'net/url',
      ),
      source('func fetch(address string) { http.Get(address) }', 'net/http'),
      handler('value, err := cache.Get(r.FormValue("key"))\nname := r.Header.Get(r.FormValue("name"))'),
      handler(
        `hooks := map[string]string{"a": "https://a.example/hook"}
http.Post(hooks[r.FormValue("hook")], "text/plain", r.Body)`,
      ),
      handler(
        'query := url.Values{"q": {r.FormValue("q")}}\nhttp.Get("https://search.example/?" + query.Encode())',
        'net/url',
      ),
    ],
  },
  'go-redirect-to-input': {
    positive: [
      handler('http.Redirect(w, r, r.URL.Query().Get("next"), http.StatusFound)'),
      gin('target := c.Query("return_to")\nc.Redirect(302, target)'),
      handler('w.Header().Set("Location", r.FormValue("url"))\nw.WriteHeader(302)'),
      source(
        'func login(c echo.Context) error { return c.Redirect(302, "https://" + c.QueryParam("host")) }',
        'github.com/labstack/echo/v4',
      ),
    ],
    negative: [
      handler('http.Redirect(w, r, "/users/"+r.FormValue("id"), http.StatusSeeOther)'),
      handler('http.Redirect(w, r, "https://"+r.Host+r.URL.Path, http.StatusMovedPermanently)'),
      handler(
        `next := r.FormValue("next")
if !strings.HasPrefix(next, "/app/") {
	next = "/"
}
http.Redirect(w, r, next, http.StatusFound)`,
        'strings',
      ),
      handler(
        'pages := map[string]string{"home": "/home"}\nhttp.Redirect(w, r, pages[r.FormValue("page")], 302)',
      ),
      handler(
        'next := r.FormValue("next")\nif !isLocalURL(next) {\n\thttp.Error(w, "no", 400)\n\treturn\n}\nhttp.Redirect(w, r, next, 302)',
      ),
    ],
  },
}
